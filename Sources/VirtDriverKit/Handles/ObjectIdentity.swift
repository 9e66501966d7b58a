public import CVirt
public import VirtCore

/// What a handle stands for, as a value: for events, and for making handles.
public struct ObjectIdentity: Sendable, Equatable {
  /// First text of the class: the name, if it has one.
  public var name: String
  /// Further texts of the class, two at most.
  public var strings: [String]
  /// The UUID; zero in classes without.
  public var uuid: UUID
  /// The id of a running domain, else -1.
  public var id: Int32
  /// Number of the class, such as the usage type of a secret.
  public var number: Int32

  /// Names an object.
  public init(_ name: String = "", strings: [String] = [], uuid: UUID = .zero, id: Int32 = -1, number: Int32 = 0) {
    self.name = name
    self.strings = strings
    self.uuid = uuid
    self.id = id
    self.number = number
  }

  /// Shows the identity to C for the duration of the call.
  func withC<Result>(_ body: (UnsafePointer<virt_driver_identity>) -> Result) -> Result {
    name.withCString { text in
      withOptionalCText(strings.first) { first in
        withOptionalCText(strings.dropFirst().first) { second in
          var identity = virt_driver_identity(uuid: uuid, id: id, number: number)
          identity.name = text
          identity.strings = (first, second)
          return body(&identity)
        }
      }
    }
  }
}

extension virt_driver_identity {
  /// An identity without texts.
  @inlinable
  init(uuid bytes: UUID, id: Int32, number: Int32) {
    self.init()
    size = MemoryLayout<virt_driver_identity>.size
    self.id = id
    self.number = number
    withUnsafeMutableBytes(of: &uuid) { target in
      if let base = target.baseAddress { bytes.write(to: base) }
    }
  }

  /// The UUID as a value.
  @inlinable var uuidValue: UUID {
    withUnsafeBytes(of: uuid) { bytes in bytes.baseAddress.map { UUID(bytes: $0) } ?? .zero }
  }
}

extension Handle {
  /// Makes a handle of what an identity says, with one reference, the caller's to give away. For classes whose texts may be
  /// missing.
  public static func make(on connection: Connection, _ identity: ObjectIdentity) throws(VirtError) -> Self {
    let outcome = identity.withC { (identity) -> Result<Self, VirtError> in
      do throws(VirtError) { return .success(try make(on: connection, parent: nil, identity)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}
