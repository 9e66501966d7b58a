internal import VirtXML

/// Limits of one direction: KiB per second, the burst in KiB; zero for none.
package struct BandwidthRate: Sendable {
  /// The usual rate.
  package var average: UInt32 = 0
  /// The most at a time.
  package var peak: UInt32 = 0
  /// The least that is always there.
  package var floor: UInt32 = 0
  /// How much may come at the peak rate.
  package var burst: UInt32 = 0

  /// No limits.
  package init() {}

  init(_ element: XMLElement) {
    func number(_ name: StaticString) -> UInt32 { element[name].flatMap { UInt64($0) }.map { UInt32(clamping: $0) } ?? 0 }
    (average, peak, floor, burst) = (number("average"), number("peak"), number("floor"), number("burst"))
  }

  /// The element that says so; nil when there are no limits.
  func element(_ name: String) -> XMLElement? {
    let all = [("average", average), ("peak", peak), ("floor", floor), ("burst", burst)].filter { $0.1 > 0 }
    return all.isEmpty ? nil : XMLElement(name, all.map { XMLAttribute($0.0, String($0.1)) })
  }
}
