internal import Glibc
internal import VirtCore

/// What a file of a ``FolderStore`` holds, while nobody has asked for it. The sum in the file's first line tells whether it is
/// still what was found.
final class FolderBytes: StoredBytes {
  private let store: FolderStore
  private let name: String
  private let head: StoredFile.Head
  /// Where the content begins.
  private let start: Int

  init(_ store: FolderStore, _ name: String, _ head: StoredFile.Head, _ start: Int) {
    (self.store, self.name, self.head, self.start) = (store, name, head, start)
  }

  var count: Int { head.start + head.count - start }

  func peek(_ range: Range<Int>) throws(VirtError) -> [UInt8] {
    let bytes = try store.read(name, from: start + range.lowerBound, most: range.count)?.bytes
    guard let bytes, bytes.count == range.count else { throw changed }
    return bytes
  }

  func whole() throws(VirtError) -> [UInt8] {
    guard let bytes = try store.bytes(name) else { throw changed }
    do throws(StoredFile.Unusable) {
      guard try StoredFile.head(bytes) == head else { throw .torn }
      return try StoredFile.read(bytes).bytes
    } catch { throw changed }
  }

  private var changed: VirtError {
    VirtError(
      .systemError, .none, "", "'\(store.fullPath(name))' is broken, or another one than when the store was opened",
      details: ErrorDetails(integers: (EIO, -1)))
  }
}
