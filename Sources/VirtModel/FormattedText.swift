internal import VirtCore
internal import VirtXML

/// The text of something immutable, made when it is first asked for and kept.
final class FormattedText: Sendable {
  private let kept = Lock<[UInt8]?>(nil)

  /// The bytes; `make` runs outside the lock, and twice when two threads are first.
  func bytes(_ make: () -> [UInt8]) -> [UInt8] {
    if let known = kept.withLock({ $0 }) { return known }
    let made = make()
    kept.withLock { $0 = made }
    return made
  }

  /// The bytes of a whole document.
  func bytes(of root: XMLElement) -> [UInt8] {
    bytes {
      var writer = XMLWriter(capacity: 1024)
      writer.write(root, depth: 0)
      return writer.array
    }
  }
}
