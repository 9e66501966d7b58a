internal import CVirtRuntime

extension VirtError {
  /// Makes this the calling thread's error, as C programs read it. Only inside the library: a driver has a run-time of its
  /// own and raises through the host's services.
  package func raise() {
    var subject = subject
    subject.withUTF8 { subject in
      text.withUTF8Buffer { text in
        text.withMemoryRebound(to: CChar.self) { text in
          subject.withMemoryRebound(to: CChar.self) { subject in
            virt_error_raise_about(
              code.rawValue, domain.rawValue, text.baseAddress, text.count, subject.baseAddress, subject.count)
          }
        }
      }
    }
    if let details { details.apply() }
  }
}

extension ErrorDetails {
  /// Replaces the usual string and integer fields of this thread's error; its sentence stays.
  fileprivate func apply() {
    guard let error = virt_body_virGetLastError() else { return }
    var fields = virt_error_fields()
    fields.code = error.pointee.code
    fields.domain = error.pointee.domain
    fields.message = UnsafePointer(error.pointee.message)
    fields.integers = integers
    withCString(strings.0) { first in
      withCString(strings.1) { second in
        withCString(strings.2) { third in
          fields.strings = (first, second, third)
          virt_error_set(&fields)
        }
      }
    }
  }
}

/// Runs the body with the text as C has it; nil stays NULL.
private func withCString(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Void) {
  if let text { text.withCString { body($0) } } else { body(nil) }
}
