internal import CVirt
internal import VirtCore
internal import VirtDriverKit
internal import VirtXML

/// What a file says about calls of some operations: that they take time, or fail.
struct BehaviourRule: Sendable {
  /// When the delay is.
  enum Moment: String { case before, after }

  /// The operations that it is about.
  let operations: Set<WatchedOperation>
  /// Names of objects, or of what else the calls are about; nil for all.
  let object: Pattern?
  /// How many calls pass first, and how many it is about then.
  let passed, times: UInt64
  /// How many of those it is about, of 1; and what decides which.
  let probability: Double
  let seed: UInt64
  /// Milliseconds.
  let delay: UInt32
  let moment: Moment
  /// What the calls answer instead of doing anything.
  let error: VirtError?

  /// Reads an `<operation>` of a `<behaviour>`.
  ///
  /// - Throws: `VIR_ERR_XML_ERROR`: an attribute is unknown, does not fit its kind, there is no such operation, or an error is
  ///   asked of one that has nobody to tell it.
  init(_ element: XMLElement) throws(VirtError) {
    for attribute in element.attributes where !Self.known.contains(attribute.name) {
      throw Self.wrong(element, "has no attribute '\(attribute.name)'")
    }
    guard let name = element["name"] else { throw Self.wrong(element, "needs a name") }
    let pattern = Pattern(name)
    var operations = Set(WatchedOperation.all.filter { operation in operation.name.map { pattern.fits($0) } ?? false })
    operations.subtract(Self.outside)
    if operations.isEmpty { throw Self.wrong(element, "names no operation: '\(name)'") }
    object = element["object"].map { Pattern($0) }
    passed = try Self.number(element, "after") ?? 0
    times = try Self.number(element, "times") ?? .max
    seed = try Self.number(element, "seed") ?? 0
    let chance = element["probability"]
    probability = chance.map { Double($0) ?? .nan } ?? 1
    guard probability >= 0, probability <= 1 else { throw Self.wrong(element, "has no probability '\(chance ?? "")'") }
    delay = try element["delay"].map { (text) throws(VirtError) in try Self.duration(element, text) } ?? 0
    guard let moment = Moment(rawValue: element["when"] ?? "before") else {
      throw Self.wrong(element, "happens before or after, not '\(element["when"] ?? "")'")
    }
    self.moment = moment
    error = try Self.error(element)
    if error != nil {
      operations.subtract(Self.unfailing)
      if operations.isEmpty { throw Self.wrong(element, "has an 'error', but nobody is told one by '\(name)': it cannot fail") }
    }
    self.operations = operations
    if error != nil, moment == .after { throw Self.wrong(element, "fails before, not after") }
    if error == nil, delay == 0 { throw Self.wrong(element, "needs a delay or an error") }
  }

  /// What never reaches a world: it is asked before there is one, or the host does it by itself.
  private static let outside = Set(
    [WatchedOperation(VIRT_OPERATION_connectProposeURI)]
      + [
        VIRT_OPERATION_streamEventAddCallback, VIRT_OPERATION_streamEventUpdateCallback, VIRT_OPERATION_streamEventRemoveCallback,
      ].map { WatchedOperation($0, isStream: true) })
  /// What has no answer: `virConnectClose()` gives the number of references, of which only the last one closes, be it the one
  /// that a domain's handle held.
  private static let unfailing: Set = [WatchedOperation(VIRT_OPERATION_connectClose)]

  private static let known: Set<String> = [
    "name", "object", "after", "times", "probability", "seed", "delay", "when", "error", "message",
  ]

  private static func wrong(_ element: XMLElement, _ text: String) -> VirtError {
    element.wrong(.xmlError, "an operation of <behaviour> \(text)", .test)
  }

  private static func number(_ element: XMLElement, _ name: String) throws(VirtError) -> UInt64? {
    guard let text = element[named: name] else { return nil }
    guard let number = UInt64(text) else { throw wrong(element, "has no number in '\(name)': '\(text)'") }
    return number
  }

  /// Milliseconds of a text such as `250ms`, `2s` or `1m`; an hour at most.
  private static func duration(_ element: XMLElement, _ text: String) throws(VirtError) -> UInt32 {
    for (unit, factor) in [("ms", UInt64(1)), ("s", 1000), ("m", 60_000)] where text.hasSuffix(unit) {
      guard let number = UInt64(text.dropLast(unit.utf8.count)) else { break }
      let (product, overflows) = number.multipliedReportingOverflow(by: factor)
      if !overflows, product <= 3_600_000 { return UInt32(product) }
    }
    throw wrong(element, "has no delay of at most an hour, with its unit (ms, s, m): '\(text)'")
  }

  /// The error to answer: its code is a number, or a name of the API.
  private static func error(_ element: XMLElement) throws(VirtError) -> VirtError? {
    guard let text = element["error"] else {
      if element["message"] != nil { throw wrong(element, "has a message without an error") }
      return nil
    }
    guard let code = HostServices.errorCode(named: text) else {
      let last = HostServices.errorCodes.last?.rawValue ?? 0
      throw wrong(
        element, "has no such 'error': '\(text)'; it is a number from 1 to \(last), or a name such as 'operation-failed'")
    }
    return VirtError(code, .test, "", element["message"] ?? "the behaviour of the file wants it so")
  }
}
