const { buildModule } = require('@nomicfoundation/hardhat-ignition/modules')

// One of each that Ignition does: a library, a linked contract, a call, an event read back, a contract that is given
// another and ether, a view read, a plain transfer.
module.exports = buildModule('LedgerModule', (m) => {
  const writer = m.getAccount(1)
  const sums = m.library('Sums')
  const ledger = m.contract('Ledger', [writer], { libraries: { Sums: sums } })
  const page = m.getParameter('page', `0x${'07'.repeat(32)}`)
  const entered = m.call(ledger, 'enter', [page, [1n, 2n, 39n]], { from: writer })
  const total = m.readEventArgument(entered, 'Entered', 'total')
  const auditor = m.contract('Auditor', [ledger], { value: total, after: [entered] })
  const found = m.staticCall(auditor, 'found', [], 0, { after: [auditor] })
  m.send('reward', '0x00000000000000000000000000000000000000f4', found, undefined, { after: [found] })
  return { sums, ledger, auditor }
})
