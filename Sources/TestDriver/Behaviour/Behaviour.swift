internal import VirtCore
internal import VirtDriverKit
internal import VirtXML

/// How calls of a world behave beside what they do: they may take time, and fail. For tests of programs that have to live with
/// both. It stands before the driver, for every operation alike.
final class Behaviour: OperationWatch {
  private let rules: [BehaviourRule]
  private let watched: Set<WatchedOperation>
  private let counters: Lock<[Counter]>
  private let waiting = Lock<[Delay]>([])

  /// How often a rule was met, and the state of what decides by chance.
  private struct Counter: Sendable {
    var calls: UInt64 = 0
    var chance: UInt64
  }

  /// Operations that end waits of the same object's other calls.
  private static let interrupting: Set<String> = ["domainAbortJob", "domainAbortJobFlags"]

  /// Reads what a file says; nil when it says nothing.
  init?(_ root: XMLElement) throws(VirtError) {
    var rules: [BehaviourRule] = []
    for element in root.elements where element.isNamed("behaviour") {
      for below in element.elements {
        guard below.isNamed("operation") else {
          throw below.wrong(.xmlError, "only <operation> stands in <behaviour>", .test)
        }
        rules.append(try BehaviourRule(below))
      }
    }
    if rules.isEmpty { return nil }
    self.rules = rules
    var watched = rules.reduce(into: Set<WatchedOperation>()) { $0.formUnion($1.operations) }
    if rules.contains(where: { $0.delay > 0 }) {
      watched.formUnion(WatchedOperation.all.filter { Self.interrupting.contains($0.name ?? "") })
    }
    self.watched = watched
    counters = Lock(rules.map { Counter(chance: $0.seed) })
  }

  func watches(_ operation: WatchedOperation) -> Bool { watched.contains(operation) }

  func begin(_ operation: WatchedOperation, _ subject: CallSubject) throws(VirtError) -> Bool {
    let name = subject.name
    if Self.interrupting.contains(operation.name ?? ""), interrupt(name) { return false }
    for index in rules.indices where rules[index].moment == .before && meets(index, operation, name) {
      try wait(rules[index].delay, name)
      if let error = rules[index].error { throw error }
    }
    return true
  }

  func end(_ operation: WatchedOperation, _ subject: CallSubject, succeeded: Bool) throws(VirtError) {
    guard rules.contains(where: { $0.moment == .after && $0.operations.contains(operation) }) else { return }
    let name = subject.name
    for index in rules.indices where rules[index].moment == .after && meets(index, operation, name) {
      // What is done is done: being interrupted only ends the wait.
      _ = pause(rules[index].delay, name)
    }
  }

  /// Whether a rule is about this call; counts it.
  private func meets(_ index: Int, _ operation: WatchedOperation, _ name: String?) -> Bool {
    let rule = rules[index]
    guard rule.operations.contains(operation) else { return false }
    if let pattern = rule.object, !pattern.fits(name ?? "") { return false }
    return counters.withLock { counters in
      let call = counters[index].calls
      counters[index].calls = call.addingReportingOverflow(1).partialValue
      guard call >= rule.passed, call - rule.passed < rule.times else { return false }
      if rule.probability >= 1 { return true }
      return Self.next(&counters[index].chance) < rule.probability
    }
  }

  /// The next number in 0..<1 of a sequence that a seed decides (SplitMix64).
  private static func next(_ state: inout UInt64) -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return Double(mixed >> 11) / Double(UInt64(1) << 53)
  }

  private func wait(_ milliseconds: UInt32, _ name: String?) throws(VirtError) {
    guard pause(milliseconds, name) else {
      throw VirtError(.operationAborted, .test, "the call was aborted while it waited:", name ?? "")
    }
  }

  /// Waits without holding anything; false when somebody ended that early.
  private func pause(_ milliseconds: UInt32, _ name: String?) -> Bool {
    if milliseconds == 0 { return true }
    let delay = Delay(name)
    waiting.withLock { $0.append(delay) }
    defer { waiting.withLock { $0.removeAll { $0 === delay } } }
    return delay.wait(milliseconds: milliseconds)
  }

  /// Ends the waits of an object's calls; whether there were any.
  private func interrupt(_ name: String?) -> Bool {
    waiting.withLock { waiting in
      let own = waiting.filter { $0.subject == name }
      for delay in own { delay.end() }
      return !own.isEmpty
    }
  }
}
