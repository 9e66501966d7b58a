/// A release number such as 12.8.0.
public struct Version: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Its three numbers.
  public let major: Int, minor: Int, micro: Int

  /// Parses `major.minor.micro`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let major = parts[0], let minor = parts[1], let micro = parts[2] else { return nil }
    (self.major, self.minor, self.micro) = (major, minor, micro)
  }

  /// Release 0.0.0.
  public static let zero = Version(major: 0, minor: 0, micro: 0)

  private init(major: Int, minor: Int, micro: Int) {
    (self.major, self.minor, self.micro) = (major, minor, micro)
  }

  /// One number, as C programs compare it: 12008000.
  public var number: Int { major * 1_000_000 + minor * 1000 + micro }
  /// As it is written.
  public var description: String { "\(major).\(minor).\(micro)" }
  /// By age.
  public static func < (one: Version, other: Version) -> Bool { one.number < other.number }
}
