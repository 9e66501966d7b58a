public import CVirt
public import CVirtDriverKit
public import VirtCore

/// A handle of the public API, as the application holds it: a pointer with what it stands for.
///
/// Handles that an operation receives are borrowed for the call; `retain()` keeps one longer. Handles that an operation
/// gives away are made with `make(…)`, which yields one reference: return them, or `release()` them.
public protocol Handle: Sendable {
  /// The class's number, `VIRT_CLASS_…`.
  static var classID: UInt32 { get }
  /// The pointer that the application knows.
  var pointer: OpaquePointer { get }
  /// Wraps a live handle of the right class.
  init(_ pointer: OpaquePointer)
}

extension Handle {
  /// What the handle stands for, as C has it; good as long as the handle.
  @inlinable public var identity: UnsafePointer<virt_driver_identity> {
    virt_kit_handle_identity(UnsafeRawPointer(pointer))
  }

  /// The connection it belongs to; of a connection, itself. Borrowed.
  @inlinable public var connection: Connection { Connection(virt_kit_handle_connection(UnsafeRawPointer(pointer))) }

  /// Keeps the handle beyond the call.
  @inlinable public func retain() { virt_kit_handle_reference(UnsafeMutableRawPointer(pointer)) }

  /// Gives a reference back. The last one of a connection closes it: hold no lock that closing needs.
  @inlinable public func release() { virt_kit_handle_release(UnsafeMutableRawPointer(pointer)) }

  /// The driver's private word of this handle, as an object; nil when there is none. Borrowed: it lives as long as the
  /// handle. All words of a class of handles must be objects of one type.
  @inlinable
  public func word<Object: AnyObject>(as type: Object.Type) -> Object? {
    virt_kit_handle_word(UnsafeRawPointer(pointer)).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Shows the same object to the body, without counting a reference to it; nil when there is none.
  @inlinable @inline(__always)
  public func withWord<Object: AnyObject, Result>(as type: Object.Type, _ body: (Object) -> Result) -> Result? {
    guard let word = virt_kit_handle_word(UnsafeRawPointer(pointer)) else { return nil }
    return Unmanaged<Object>.fromOpaque(word)._withUnsafeGuaranteedRef(body)
  }

  /// Remembers an object with the handle, released with it. Does nothing when it has one already.
  public func setWord(_ object: some AnyObject) {
    let word = Unmanaged.passRetained(object as AnyObject).toOpaque()
    let kept = virt_kit_handle_set_word(UnsafeMutableRawPointer(pointer), nil, word) { word in
      word.map { Unmanaged<AnyObject>.fromOpaque($0).release() }
    }
    if kept == 0 { Unmanaged<AnyObject>.fromOpaque(word).release() }
  }

  /// Makes a handle with one reference.
  @inlinable
  static func make(
    on connection: Connection, parent: OpaquePointer?, _ identity: UnsafePointer<virt_driver_identity>
  ) throws(VirtError) -> Self {
    guard
      let made = virt_kit_handle_make(
        Self.classID, connection.pointer, parent.map { UnsafeMutableRawPointer($0) }, identity)
    else { throw VirtError(.noMemory, .none) }
    return Self(OpaquePointer(made))
  }
}

extension Handle {
  /// The handle it belongs to, other than its connection. Borrowed.
  var parentPointer: OpaquePointer? {
    virt_kit_handle_parent(UnsafeRawPointer(pointer)).map { OpaquePointer($0) }
  }

  /// Tells the application's handle the id of what it stands for.
  func setIdentifier(_ id: Int32) { virt_kit_handle_set_id(pointer, id) }
}
