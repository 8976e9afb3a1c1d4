"""py-substrate-interface, unmodified, against a running network of validators.

ECOLEDGER_URL names a node (ws://127.0.0.1:9944 unless set), ECOLEDGER_KEYS the folder with the
demonstration agents' seeds.
"""

import os
import pathlib

import pytest
from substrateinterface import Keypair, KeypairType, SubstrateInterface
from substrateinterface.exceptions import SubstrateRequestException

URL = os.environ.get("ECOLEDGER_URL", "ws://127.0.0.1:9944")
KEYS = pathlib.Path(os.environ["ECOLEDGER_KEYS"])


@pytest.fixture(scope="module")
def chain():
    with SubstrateInterface(url=URL) as substrate:
        yield substrate


def key(name):
    """The ed25519 key of a demonstration agent, from its seed."""
    seed = (KEYS / f"{name}.seed").read_text().strip()
    return Keypair.create_from_seed(seed, crypto_type=KeypairType.ED25519)


def finalize(chain, module, function, params, keypair):
    call = chain.compose_call(call_module=module, call_function=function, call_params=params)
    signed = chain.create_signed_extrinsic(call=call, keypair=keypair, era={"period": 64})
    return chain.submit_extrinsic(signed, wait_for_finalization=True)


def test_connects_and_learns_the_chain(chain):
    assert chain.properties["tokenSymbol"] == "CNY"
    assert chain.properties["tokenDecimals"] == 2
    assert chain.ss58_format == 42


def test_reads_typed_storage(chain):
    assert chain.query("Timestamp", "Now").value > 1_600_000_000_000
    assert len(list(chain.query_map("Traceability", "Units"))) > 0
    account = chain.query("System", "Account", [key("alice").ss58_address])
    assert account.value["providers"] > 0


def test_signs_with_an_ed25519_seed_and_reads_the_receipt(chain):
    receipt = finalize(
        chain, "System", "remark_with_event", {"remark": "first frost"}, key("alice")
    )
    assert receipt.is_success, receipt.error_message
    events = [event.value["event"] for event in receipt.triggered_events]
    assert any(e["module_id"] == "System" and e["event_id"] == "Remarked" for e in events)


def test_waits_for_inclusion(chain):
    call = chain.compose_call("System", "remark", {"remark": "0x01"})
    signed = chain.create_signed_extrinsic(call=call, keypair=key("alice"))
    receipt = chain.submit_extrinsic(signed, wait_for_inclusion=True)
    assert receipt.block_hash is not None


def test_decodes_a_pallets_event(chain):
    params = {"region": 331127, "gln": None, "area_units": 2_000_000}
    receipt = finalize(chain, "Traceability", "register_place", params, key("bob"))
    assert receipt.is_success, receipt.error_message
    events = [event.value["event"] for event in receipt.triggered_events]
    assert any(
        e["module_id"] == "Traceability" and e["event_id"] == "PlaceRegistered" for e in events
    )


def test_decodes_a_module_error_by_name(chain):
    params = {"batch": "0x" + "ab" * 16, "reason": None}
    receipt = finalize(chain, "Traceability", "hold", params, key("bob"))
    assert not receipt.is_success
    assert receipt.error_message["name"] == "BatchNotFound"


def test_refuses_a_stranger_with_the_standard_code(chain):
    stranger = Keypair.create_from_seed("0x" + "42" * 32, crypto_type=KeypairType.ED25519)
    call = chain.compose_call("System", "remark", {"remark": "0x01"})
    signed = chain.create_signed_extrinsic(call=call, keypair=stranger, nonce=0)
    with pytest.raises(SubstrateRequestException) as refused:
        chain.submit_extrinsic(signed)
    assert refused.value.args[0]["code"] == 1010
