/// Moments to come, the earliest first. An entry whose timer has changed since is stale; whoever pops it notices.
struct TimerHeap {
  /// When a timer is to fire, in nanoseconds of the monotonic clock, and which.
  struct Entry {
    var deadline: Int64
    var timer: Int32

    /// Earlier first; among equals the older timer.
    @inline(__always)
    static func < (left: Entry, right: Entry) -> Bool {
      left.deadline < right.deadline || (left.deadline == right.deadline && left.timer < right.timer)
    }
  }

  private var entries: [Entry] = []

  /// How many moments there are, stale ones included.
  var count: Int { entries.count }
  /// The earliest moment.
  var first: Entry? { entries.first }

  /// Adds a moment.
  mutating func insert(_ entry: Entry) {
    entries.append(entry)
    var index = entries.count - 1
    while index > 0, entries[index] < entries[(index - 1) / 2] {
      entries.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Drops the earliest moment; nothing when there is none.
  mutating func removeFirst() {
    guard let last = entries.popLast(), !entries.isEmpty else { return }
    entries[0] = last
    var index = 0
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < entries.count && entries[child] < entries[least] {
        least = child
      }
      guard least != index else { return }
      entries.swapAt(index, least)
      index = least
    }
  }

  /// Forgets everything and starts again from these.
  mutating func rebuild(_ fresh: some Sequence<Entry>) {
    entries.removeAll(keepingCapacity: true)
    for entry in fresh { insert(entry) }
  }
}
