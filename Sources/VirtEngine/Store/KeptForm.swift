package import VirtCore

/// All that is kept of an object as it is now.
package struct KeptForm: Sendable {
  /// What is kept of the object itself.
  package let bytes: [UInt8]
  /// What belongs to it, each part under a key of its own, so that a change costs what changed.
  package let parts: [KeptPart]

  /// Describes an object.
  package init(_ bytes: [UInt8], parts: [KeptPart] = []) {
    self.bytes = bytes
    self.parts = parts
  }
}

/// A part of an object that is kept under a key of its own.
package struct KeptPart: Sendable {
  /// What tells a part from the others of its object.
  package struct Name: Hashable, Sendable {
    /// The kind: a short word of lower-case letters.
    package let kind: String
    /// Any text.
    package let name: String

    /// Names a part.
    package init(_ kind: String, _ name: String) {
      self.kind = kind
      self.name = name
    }

    /// Where it is kept.
    package func key(in object: StoreKey) -> StoreKey { StoreKey(kind, "\(object.name)/\(name)") }
  }

  package let name: Name
  /// Changes whenever the part does.
  package let stamp: UInt64
  private let make: (@Sendable () throws(VirtError) -> [UInt8])?

  /// Describes a part.
  ///
  /// - Parameter make: Makes all that is kept of it; nil where that is known to be kept.
  package init(_ name: Name, _ stamp: UInt64, _ make: (@Sendable () throws(VirtError) -> [UInt8])?) {
    self.name = name
    self.stamp = stamp
    self.make = make
  }

  /// Whether it is known to be kept as it is.
  var isKept: Bool { make == nil }

  /// All that is kept of it.
  package func bytes() throws(VirtError) -> [UInt8] { try make?() ?? [] }
}

/// The parts of one object that a store has.
struct KeptParts {
  /// What is known of one.
  enum Known {
    /// The part as it was at a time of this process.
    case stamp(UInt64)
    /// The bytes that were found when the store was opened.
    case found(KeptMark)
  }

  /// How they differ from what an object has now.
  struct Difference {
    var changes: [StoreChange] = []
    fileprivate var edits: [KeptPart.Name: Known?] = [:]
    var isEmpty: Bool { edits.isEmpty }
  }

  private var known: [KeptPart.Name: Known] = [:]
  /// All stamps in it.
  private(set) var stamps: Set<UInt64> = []

  /// Whether there are none.
  var isEmpty: Bool { known.isEmpty }

  /// Tells how they differ from what an object has now. Work is proportional to what differs, and to the number of parts.
  func difference(to parts: [KeptPart], of object: StoreKey) throws(VirtError) -> Difference {
    var difference = Difference()
    var count = known.count
    for part in parts {
      if part.isKept { continue }
      switch known[part.name] {
      case .stamp(part.stamp): continue
      case .found(let mark):
        let bytes = try part.bytes()
        if KeptMark(bytes) != mark { difference.changes.append(StoreChange(part.name.key(in: object), bytes)) }
      case let other:
        if other == nil { count += 1 }
        difference.changes.append(StoreChange(part.name.key(in: object), making: part.bytes))
      }
      difference.edits[part.name] = .some(.stamp(part.stamp))
    }
    if count != parts.count {
      let present = Set(parts.map(\.name))
      for name in known.keys where !present.contains(name) {
        difference.changes.append(StoreChange(name.key(in: object), nil))
        difference.edits[name] = .some(nil)
      }
    }
    return difference
  }

  /// Takes what a difference said: the store has it now.
  mutating func apply(_ difference: Difference) { for (name, known) in difference.edits { set(name, known) } }

  /// Takes what the store has of a part; nil when it has none.
  mutating func set(_ name: KeptPart.Name, _ new: Known?) {
    if case .stamp(let old) = known[name] { stamps.remove(old) }
    known[name] = new
    if case .stamp(let stamp) = new { stamps.insert(stamp) }
  }
}

/// Tells bytes from others; kept in their place.
struct KeptMark: Equatable {
  private let count: Int
  private let one, other: Int

  /// Hashes twice, by what nobody outside can know.
  init(_ bytes: [UInt8]) {
    count = bytes.count
    (one, other) = bytes.withUnsafeBytes { bytes in
      var one = Hasher(), other = Hasher()
      one.combine(1)
      other.combine(2)
      one.combine(bytes: bytes)
      other.combine(bytes: bytes)
      return (one.finalize(), other.finalize())
    }
  }
}
