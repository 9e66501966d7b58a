/// A set of features of x86 processors.
package struct ProcessorFeatures: Sendable, Equatable {
  private var bits = SIMD4<UInt64>(repeating: 0)

  /// None.
  package init() {}

  /// Features by their names; nil when one of them is not known.
  package init?(_ names: some Sequence<some StringProtocol>) {
    for name in names { guard insert(String(name)) else { return nil } }
  }

  /// All that are known, in the order in which processors tell them.
  static let names: [String] = "\(ProcessorModels.featureNames)".split(whereSeparator: \.isWhitespace).map(String.init)
  private static let numbers: [String: Int] = Dictionary(uniqueKeysWithValues: zip(names, names.indices))

  /// Adds one; says whether it is known.
  @discardableResult
  package mutating func insert(_ name: String) -> Bool {
    guard let number = Self.numbers[name] else { return false }
    bits[number / 64] |= 1 << UInt64(number % 64)
    return true
  }

  /// Whether a feature is among them.
  package func has(_ name: String) -> Bool {
    guard let number = Self.numbers[name] else { return false }
    return bits[number / 64] >> UInt64(number % 64) & 1 != 0
  }

  /// How many there are.
  package var count: Int { (0..<4).reduce(0) { $0 + bits[$1].nonzeroBitCount } }

  /// Their names, in the order in which processors tell them.
  package var sorted: [String] { Self.names.filter(has) }

  /// Those in one set or another.
  package func union(_ other: ProcessorFeatures) -> ProcessorFeatures { with(bits | other.bits) }
  /// Those in both sets.
  package func intersection(_ other: ProcessorFeatures) -> ProcessorFeatures { with(bits & other.bits) }
  /// Those that are not in another set.
  package func subtracting(_ other: ProcessorFeatures) -> ProcessorFeatures { with(bits & ~other.bits) }
  /// Whether all of another set's are among them.
  package func isSuperset(of other: ProcessorFeatures) -> Bool { other.bits & ~bits == SIMD4(repeating: 0) }

  private func with(_ bits: SIMD4<UInt64>) -> ProcessorFeatures {
    var changed = self
    changed.bits = bits
    return changed
  }
}
