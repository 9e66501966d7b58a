internal import CVirtDriverKit
public import VirtCore

/// What can be the answer of an operation that gives a list of texts: an array of strings, or texts that are already where the
/// host wants them.
public protocol HostTextList: ~Copyable, SendableMetatype {
  /// The texts in the host's memory.
  consuming func hostTexts() throws(VirtError) -> HostTexts
}

extension [String]: HostTextList {
  /// Copies in the host's memory.
  public consuming func hostTexts() throws(VirtError) -> HostTexts {
    var texts = try HostTexts(capacity: count)
    for text in self { try texts.append(text) }
    return texts
  }
}

extension HostTexts: HostTextList {
  /// Itself.
  public consuming func hostTexts() throws(VirtError) -> HostTexts { self }
}

/// Texts in the host's memory, on their way to the caller; NULL follows the last.
///
/// Saves the detour over an array: a driver with many names copies each of them once.
public struct HostTexts: ~Copyable {
  private typealias Text = UnsafeMutablePointer<CChar>?
  private var items: UnsafeMutablePointer<Text>
  private var capacity: Int
  /// How many there are.
  public private(set) var count: Int32 = 0

  /// No texts yet.
  ///
  /// - Parameter capacity: How many can come before memory is asked for again.
  /// - Throws: `VIR_ERR_NO_MEMORY`.
  public init(capacity: Int) throws(VirtError) {
    self.capacity = max(0, capacity)
    items = try Self.room(self.capacity)
    items.initialize(to: nil)
  }

  private static func room(_ capacity: Int) throws(VirtError) -> UnsafeMutablePointer<Text> {
    guard capacity < Int32.max, let memory = virt_kit_allocate((capacity + 1) * MemoryLayout<Text>.stride) else {
      throw VirtError(.noMemory, .none)
    }
    return memory.bindMemory(to: Text.self, capacity: capacity + 1)
  }

  /// Adds a copy of a text, up to the first NUL in it.
  ///
  /// - Throws: `VIR_ERR_NO_MEMORY`.
  public mutating func append(_ text: String) throws(VirtError) { try append(HostString(text)) }

  /// Adds a copy of bytes, up to the first NUL among them.
  ///
  /// - Throws: `VIR_ERR_NO_MEMORY`.
  public mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(VirtError) { try append(HostString(bytes)) }

  private mutating func append(_ text: consuming HostString) throws(VirtError) {
    let used = Int(count)
    if used == capacity { try grow() }
    items[used] = text.take()
    (items + used + 1).initialize(to: nil)
    count += 1
  }

  private mutating func grow() throws(VirtError) {
    let larger = try Self.room(max(16, capacity * 2))
    larger.moveInitialize(from: items, count: Int(count))
    virt_kit_release(items)
    items = larger
    capacity = max(16, capacity * 2)
  }

  deinit {
    for index in 0..<Int(count) { virt_kit_release(items[index]) }
    virt_kit_release(items)
  }

  /// Gives the array away; without a place to put it, it is released.
  consuming func give(_ place: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?) {
    guard let place else {
      _ = consume self
      return
    }
    place.pointee = items
    discard self
  }

  /// Moves as many texts as fit to the caller's array. The number moved.
  consuming func fill(_ place: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ capacity: Int) -> Int32 {
    guard let place else {
      _ = consume self
      return 0
    }
    let moved = max(0, min(capacity, Int(count)))
    place.update(from: items, count: moved)
    for index in moved..<Int(count) { virt_kit_release(items[index]) }
    virt_kit_release(items)
    discard self
    return Int32(truncatingIfNeeded: moved)
  }
}
