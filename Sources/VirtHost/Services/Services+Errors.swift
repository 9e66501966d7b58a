internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

extension Services {
  typealias Raise = @convention(c) (UnsafePointer<virt_driver_error>?) -> Void
  typealias RaiseSystem = @convention(c) (Int32, Int32, UnsafePointer<CChar>?) -> Void
  typealias RaisedCode = @convention(c) () -> Int32
  typealias Allocate = @convention(c) (Int) -> UnsafeMutableRawPointer?
  typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// Errors and memory.
  static var errors: [virt_driver_service] {
    [
      entry(VIRT_SERVICE_RAISE, { Services.raise($0) } as Raise),
      entry(VIRT_SERVICE_RAISE_SYSTEM, { virt_error_raise_system($0, $1, $2) } as RaiseSystem),
      entry(VIRT_SERVICE_RAISED_CODE, { virt_error_code() } as RaisedCode),
      entry(
        VIRT_SERVICE_ALLOCATE,
        { size in
          guard size >= 0, let memory = malloc(max(size, 1)) else {
            virt_error_raise_memory(0)
            return nil
          }
          return memory
        } as Allocate),
      entry(VIRT_SERVICE_RELEASE, { free($0) } as Release),
    ]
  }

  private static func raise(_ pointer: UnsafePointer<virt_driver_error>?) {
    guard let error = pointer?.pointee else { return }
    func length(_ text: UnsafePointer<CChar>?, _ given: Int) -> Int { given > 0 ? given : text.map { strlen($0) } ?? 0 }
    let hasMore = error.size >= MemoryLayout<virt_driver_error>.size
    if hasMore && (error.message != nil || error.flags & UInt32(VIRT_DRIVER_ERROR_DETAILS) != 0 || error.level != 0) {
      virt_error_raise_about(
        error.code, error.domain, error.text, length(error.text, error.text_length), error.subject,
        length(error.subject, error.subject_length))
      guard let raised = virt_body_virGetLastError() else { return }
      var fields = virt_error_fields()
      fields.code = error.code
      fields.domain = error.domain
      fields.level = error.level
      fields.message = error.message ?? UnsafePointer(raised.pointee.message)
      if error.flags & UInt32(VIRT_DRIVER_ERROR_DETAILS) != 0 {
        fields.strings = error.strings
        fields.integers = error.integers
      } else {
        fields.strings = (UnsafePointer(raised.pointee.str1), UnsafePointer(raised.pointee.str2), nil)
        fields.integers = (-1, -1)
      }
      virt_error_set(&fields)
    } else {
      virt_error_raise_about(
        error.code, error.domain, error.text, length(error.text, error.text_length), error.subject,
        length(error.subject, error.subject_length))
    }
  }
}
