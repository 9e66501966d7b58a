internal import VirtCore
internal import VirtModel
internal import VirtXML

/// A domain in a file: a word that marks such files, the length of a document in four bytes, and the document.
enum SavedDomain {
  /// What the files of this driver begin with; a NUL follows the word.
  static let mark = Array("TestGuestMagic".utf8) + [0]
  /// The longest document that is read.
  private static let limit = 1 << 24

  /// Writes a file.
  static func write(_ document: [UInt8], to path: String) throws(VirtError) {
    guard document.count <= limit else {
      throw VirtError(.internalError, .test, "", "a document of \(document.count) bytes does not fit in a saved domain")
    }
    let length = (0..<4).map { UInt8(truncatingIfNeeded: document.count >> ($0 * 8)) }
    try File.write(mark + length + document, to: path, "cannot save a domain to")
  }

  /// Reads the domain that a file holds.
  static func read(_ path: String, _ context: ModelContext) throws(VirtError) -> DomainDefinition {
    let reading: StaticString = "cannot read the saved domain"
    let bytes = try File.read(path, atMost: mark.count + 4 + limit, reading)
    guard bytes.count >= mark.count else { throw File.failure(reading, path, 0) }
    guard bytes.starts(with: mark) else { throw VirtError(.internalError, .test, "this is no saved domain:", path) }
    let start = mark.count + 4
    guard bytes.count >= start else { throw File.failure(reading, path, 0) }
    let length = bytes[mark.count..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard (1...limit).contains(length) else {
      throw VirtError(.internalError, .test, "the saved domain has no sensible length:", path)
    }
    guard bytes.count - start >= length else { throw File.failure(reading, path, 0) }
    return try DomainDefinition.read(try XMLReader.read(Array(bytes[start..<start + length]), of: path, for: .domain), context)
  }
}
