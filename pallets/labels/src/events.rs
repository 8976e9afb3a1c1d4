//! What the calls tell the outside.

use frame_support::pallet_macros::pallet_section;

/// The events of the pallet.
#[pallet_section]
mod events {
    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A series was created.
        #[codec(index = 0)]
        SeriesCreated {
            /// Its number.
            series: SeriesId,
            /// The batch.
            batch: BatchId,
            /// Who labels.
            labeller: OrganisationId,
            /// The root.
            root: [u8; 32],
            /// Codes.
            n_codes: u32,
        },
        /// A series was given up before use.
        #[codec(index = 1)]
        SeriesVoided {
            /// The series.
            series: SeriesId,
            /// By whom.
            by: OrganisationId,
        },
        /// A series was frozen.
        #[codec(index = 2)]
        SeriesFrozen {
            /// The series.
            series: SeriesId,
            /// Why.
            fault: Fault,
            /// Who proved or ordered it.
            by: OrganisationId,
            /// Commitment to the reason of an order.
            reason: Option<Commitment>,
        },
        /// A series that was frozen by order counts again.
        #[codec(index = 3)]
        SeriesReleased {
            /// The series.
            series: SeriesId,
            /// By whom.
            by: OrganisationId,
            /// Commitment to the reason.
            reason: Commitment,
        },
        /// An item was marked.
        #[codec(index = 4)]
        ItemMarked {
            /// The series.
            series: SeriesId,
            /// Position of its code.
            index: u32,
            /// What has become of it.
            life: ItemLife,
            /// Who marked it.
            by: OrganisationId,
        },
    }
}
