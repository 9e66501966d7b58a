internal import CVirt
internal import CVirtRuntime
internal import VirtCore

extension Services {
  typealias HandleMake =
    @convention(c) (UInt32, virConnectPtr?, UnsafeMutableRawPointer?, UnsafePointer<virt_driver_identity>?) ->
    UnsafeMutableRawPointer?
  typealias HandleIdentity = @convention(c) (UnsafeRawPointer?) -> UnsafePointer<virt_identity>?
  typealias HandleOther = @convention(c) (UnsafeRawPointer?) -> UnsafeMutableRawPointer?
  typealias HandleDo = @convention(c) (UnsafeMutableRawPointer?) -> Void
  typealias HandleSetID = @convention(c) (virDomainPtr?, Int32) -> Void
  typealias HandleSetWord =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
      (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
    ) -> Int32

  /// Handles.
  static var handles: [virt_driver_service] {
    [
      entry(
        VIRT_SERVICE_HANDLE_MAKE,
        { classID, connection, parent, identity in
          guard let connection, let identity, classID < virt_class_count else { return nil }
          return UnsafeRawPointer(identity).withMemoryRebound(to: virt_identity.self, capacity: 1) {
            virt_handle_make(UInt16(classID), UnsafeMutablePointer(connection), parent, $0)
          }
        } as HandleMake),
      entry(VIRT_SERVICE_HANDLE_IDENTITY, { $0.flatMap { virt_identity_of($0) } } as HandleIdentity),
      entry(VIRT_SERVICE_HANDLE_PARENT, { $0.flatMap { virt_parent_of($0) } } as HandleOther),
      entry(
        VIRT_SERVICE_HANDLE_CONNECTION, { $0.flatMap { virt_connection_of($0) }.map { UnsafeMutableRawPointer($0) } } as HandleOther
      ),
      entry(VIRT_SERVICE_HANDLE_REFERENCE, { if let handle = $0 { _ = virt_handle_reference(handle) } } as HandleDo),
      entry(VIRT_SERVICE_HANDLE_RELEASE, { if let handle = $0 { _ = virt_handle_release(handle) } } as HandleDo),
      entry(
        VIRT_SERVICE_HANDLE_SET_ID,
        { domain, id in if let domain { virt_handle_set_id(UnsafeMutableRawPointer(domain), id) } } as HandleSetID),
      entry(
        VIRT_SERVICE_HANDLE_WORD,
        { handle in handle.flatMap { $0.assumingMemoryBound(to: virt_handle.self).pointee.word } } as HandleOther),
      entry(
        VIRT_SERVICE_HANDLE_SET_WORD,
        { handle, expected, word, release in
          guard let handle else { return 0 }
          return virt_handle_set_word(handle, expected, word, release) ? 1 : 0
        } as HandleSetWord),
    ]
  }
}
