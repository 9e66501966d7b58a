internal import CVirtRuntime

/// A descriptor somebody waits for. What its callback does with `opaque` is the business of whoever gave both.
struct HandleWatch: @unchecked Sendable {
  /// Its number, given when it is added.
  var id: Int32 = 0
  /// What is watched; the caller keeps it open.
  let descriptor: Int32
  /// VIR_EVENT_HANDLE_… bits; 0 while nobody wants to know.
  var events: Int32
  /// What is called, with `cleanup.opaque` as last argument.
  let callback: @convention(c) (Int32, Int32, Int32, UnsafeMutableRawPointer?) -> Void
  /// What is left when it is removed.
  let cleanup: Cleanup
}

/// A timer.
struct TimerWatch: @unchecked Sendable {
  /// Its number, given when it is added.
  var id: Int32 = 0
  /// Milliseconds between two firings; negative while it is off.
  var interval: Int32
  /// When it fires next, in nanoseconds of the monotonic clock.
  var deadline: Int64
  /// What is called, with `cleanup.opaque` as last argument.
  let callback: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void
  /// What is left when it is removed.
  let cleanup: Cleanup
}

/// What is left to do for a removed watch, once nothing of it runs any more.
struct Cleanup: @unchecked Sendable {
  /// The caller's data.
  let opaque: UnsafeMutableRawPointer?
  /// Drops the caller's data; nil when nothing is to be done.
  let free: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
}

/// Something that is found by a number.
protocol Numbered {
  /// Its number.
  var id: Int32 { get set }
}

extension HandleWatch: Numbered {}
extension TimerWatch: Numbered {}

/// Watches in the order of their numbers. Numbers are given out upwards and come again only after all others.
struct WatchList<Watch: Numbered> {
  private(set) var watches: [Watch] = []
  private var next: Int32 = 1

  /// Where the watch of this number is, or would be.
  private func position(of id: Int32) -> Int {
    var low = 0
    var high = watches.count
    while low < high {
      let middle = (low + high) / 2
      if watches[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where the watch of this number is.
  func index(of id: Int32) -> Int? {
    let position = position(of: id)
    return position < watches.count && watches[position].id == id ? position : nil
  }

  /// The watch at a position.
  subscript(index: Int) -> Watch {
    _read { yield watches[index] }
    _modify { yield &watches[index] }
  }

  /// Adds a watch under a number that is free; nil when all are taken.
  mutating func insert(_ watch: Watch) -> Int32? {
    guard watches.count < Int(Int32.max) - 1 else { return nil }
    while index(of: next) != nil { next = next == .max ? 1 : next + 1 }
    var watch = watch
    watch.id = next
    watches.insert(watch, at: position(of: next))
    next = next == .max ? 1 : next + 1
    return watch.id
  }

  /// Takes a watch out; nil for unknown numbers.
  mutating func remove(_ id: Int32) -> Watch? {
    index(of: id).map { watches.remove(at: $0) }
  }
}
