internal import CVirtDriverKit
public import VirtCore

/// A text in the host's memory, on its way to the caller, who frees it.
///
/// Saves the detour over a Swift string: a driver that writes or caches bytes copies them once.
public struct HostString: ~Copyable {
  private let pointer: UnsafeMutablePointer<CChar>

  /// Copies bytes, up to the first NUL among them.
  public init(_ bytes: UnsafeBufferPointer<UInt8>) throws(VirtError) {
    pointer = try allocateText(bytes.count)
    if let base = bytes.baseAddress { UnsafeMutableRawPointer(pointer).copyMemory(from: base, byteCount: bytes.count) }
    pointer[bytes.count] = 0
  }

  /// Copies a string.
  public init(_ text: String) throws(VirtError) {
    var text = text
    pointer = try allocateText(text.utf8.count)
    let target = pointer
    text.withUTF8 { bytes in
      if let base = bytes.baseAddress { UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: bytes.count) }
      target[bytes.count] = 0
    }
  }

  /// Copies an array of bytes.
  public init(_ bytes: [UInt8]) throws(VirtError) {
    pointer = try allocateText(bytes.count)
    let target = UnsafeMutableRawBufferPointer(start: pointer, count: bytes.count)
    target.copyBytes(from: bytes)
    pointer[bytes.count] = 0
  }

  deinit { virt_kit_release(pointer) }

  /// Gives the memory away.
  consuming func take() -> UnsafeMutablePointer<CChar> {
    let pointer = self.pointer
    discard self
    return pointer
  }
}

/// Room for a text of so many bytes and its NUL.
private func allocateText(_ count: Int) throws(VirtError) -> UnsafeMutablePointer<CChar> {
  guard let memory = virt_kit_allocate(count + 1) else { throw VirtError(.noMemory, .none) }
  return memory.assumingMemoryBound(to: CChar.self)
}

/// What an operation may answer where the API gives a text.
public protocol HostText: ~Copyable, SendableMetatype {
  /// The text in the host's memory.
  consuming func hostString() throws(VirtError) -> HostString
}

extension HostString: HostText {
  /// Itself.
  public consuming func hostString() throws(VirtError) -> HostString { self }
}

extension String: HostText {
  /// A copy in the host's memory.
  public consuming func hostString() throws(VirtError) -> HostString { try HostString(self) }
}

/// A text that may be missing, in the host's memory, on its way to the caller.
struct HostTextSlot: ~Copyable {
  private let pointer: UnsafeMutablePointer<CChar>?

  /// Copies a text.
  init(_ text: String?) throws(VirtError) {
    pointer = try hostText(text)
  }

  deinit { virt_kit_release(pointer) }

  /// Gives the text away; without a place to put it, it is released.
  consuming func give(_ place: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) {
    guard let place else {
      _ = consume self
      return
    }
    place.pointee = pointer
    discard self
  }
}
