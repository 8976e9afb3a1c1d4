// @polkadot/api, unmodified, against a running network of validators.
//
// ECOLEDGER_URL names a node (ws://127.0.0.1:9944 unless set).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';

const url = process.env.ECOLEDGER_URL ?? 'ws://127.0.0.1:9944';
let api;

before(async () => {
  api = await ApiPromise.create({ provider: new WsProvider(url), noInitWarn: true });
});
after(async () => api?.disconnect());

/// Signs, submits and follows a transaction to finality.
const finalize = (tx, pair, options = {}) =>
  new Promise((resolve, reject) => {
    const statuses = [];
    tx.signAndSend(pair, options, (result) => {
      statuses.push(result.status.type);
      if (result.status.isFinalized) {
        resolve({ ...result, statuses, events: result.events, error: result.dispatchError });
      } else if (result.isError) {
        reject(new Error(`transaction ended as ${result.status.type}`));
      }
    }).catch(reject);
  });

test('connects and learns the chain', async () => {
  const [properties, chain, health] = await Promise.all([
    api.rpc.system.properties(),
    api.rpc.system.chain(),
    api.rpc.system.health(),
  ]);
  assert.equal(properties.tokenSymbol.unwrap()[0].toString(), 'CNY');
  assert.equal(properties.tokenDecimals.unwrap()[0].toNumber(), 2);
  assert.ok(chain.toString().length > 0);
  assert.equal(health.isSyncing.isFalse, true);
  assert.ok(api.call.accountNonceApi, 'runtime APIs are decorated');
  assert.ok(api.consts.balances.existentialDeposit.eqn(1));
});

test('reads typed storage', async () => {
  const now = await api.query.timestamp.now();
  assert.ok(now.toNumber() > 1_600_000_000_000);
  const units = await api.query.traceability.units.entries();
  assert.ok(units.length > 0, 'governed units exist');
  const head = await api.rpc.chain.getFinalizedHead();
  const at = await api.at(head);
  assert.ok((await at.query.system.number()).toNumber() > 0);
  const keys = await api.query.system.account.keys();
  assert.ok(keys.length >= 12);
  const [first, second] = await api.query.system.account.multi(keys.slice(0, 2).map((k) => k.args[0]));
  assert.ok(first.providers.toNumber() > 0 && second.providers.toNumber() > 0);
});

test('reads blocks with their certificate', async () => {
  const hash = await api.rpc.chain.getBlockHash(1);
  const { block, justifications } = await api.rpc.chain.getBlock(hash);
  assert.equal(block.header.number.toNumber(), 1);
  assert.equal(block.header.hash.toHex(), hash.toHex(), 'the client computes the same header hash');
  const [[engine, certificate]] = justifications.unwrap();
  assert.equal(Buffer.from(engine.toU8a()).toString(), 'BFTC');
  assert.ok(certificate.length > 64);
});

for (const type of ['ed25519', 'sr25519']) {
  test(`signs with ${type}, sees inBlock and finalized, decodes the event`, async () => {
    const alice = new Keyring({ type }).addFromUri('//Alice');
    const result = await finalize(api.tx.system.remarkWithEvent(`first frost, ${type}`), alice);
    assert.deepEqual(
      result.statuses.filter((s) => s === 'InBlock' || s === 'Finalized'),
      ['InBlock', 'Finalized'],
    );
    assert.equal(result.error, undefined);
    const event = result.events.find(({ event }) => api.events.system.Remarked.is(event));
    assert.equal(event.event.data.sender.toString(), alice.address);
    const header = await api.rpc.chain.getHeader(result.status.asFinalized);
    assert.ok(header.number.toNumber() > 0);
  });
}

test("decodes a pallet's event", async () => {
  const bob = new Keyring({ type: 'ed25519' }).addFromUri('//Bob');
  const result = await finalize(api.tx.traceability.registerPlace(331127, null, 2_000_000), bob);
  assert.equal(result.error, undefined);
  const event = result.events.find(({ event }) => event.section === 'traceability');
  assert.ok(event, 'a traceability event');
  assert.equal(api.events.traceability.PlaceRegistered.is(event.event), true);
});

test('decodes a module error by name', async () => {
  const bob = new Keyring({ type: 'ed25519' }).addFromUri('//Bob');
  const unknown = `0x${'ab'.repeat(16)}`;
  const result = await finalize(api.tx.traceability.hold(unknown, null), bob);
  const { section, name, docs } = api.registry.findMetaError(result.error.asModule);
  assert.equal(`${section}.${name}`, 'traceability.BatchNotFound');
  assert.ok(docs.join(' ').length > 0, 'the error says what to do');
});

test('refuses a stranger with the standard code', async () => {
  const stranger = new Keyring({ type: 'ed25519' }).addFromUri('//Nobody');
  await assert.rejects(
    finalize(api.tx.system.remark('let me in'), stranger, { nonce: 0 }),
    /1010/,
  );
});
