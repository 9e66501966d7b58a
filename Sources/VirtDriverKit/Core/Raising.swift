internal import CVirt
internal import CVirtDriverKit
internal import VirtCore

/// Answers a call whose operation has no body or whose arguments are not what the description says: cannot happen with a
/// host that keeps to it.
@inline(never)
func refuseCall() -> Int32 {
  raise(VirtError(.internalError, .none, "the driver was called without state or arguments"))
}

/// Hands an error to the host and gives the code that the operation answers. Writes no text.
@inline(never)
func raise(_ error: VirtError) -> Int32 {
  var raised = virt_driver_error()
  raised.size = MemoryLayout<virt_driver_error>.size
  raised.code = error.code.rawValue
  raised.domain = error.domain.rawValue
  if error.text.hasPointerRepresentation, error.text.utf8CodeUnitCount > 0 {
    raised.text = UnsafeRawPointer(error.text.utf8Start).assumingMemoryBound(to: CChar.self)
    raised.text_length = error.text.utf8CodeUnitCount
  }
  if let details = error.details { return raise(error, details, raised) }
  if error.subject.isEmpty {
    virt_kit_raise(&raised)
  } else {
    var subject = error.subject
    subject.withUTF8 { bytes in
      raised.subject = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      raised.subject_length = bytes.count
      virt_kit_raise(&raised)
    }
  }
  return error.code.rawValue
}

/// The same with string and integer fields of its own.
private func raise(_ error: VirtError, _ details: ErrorDetails, _ start: virt_driver_error) -> Int32 {
  var raised = start
  raised.flags |= VIRT_DRIVER_ERROR_DETAILS
  raised.integers = details.integers
  withOptionalCText(details.strings.0) { first in
    withOptionalCText(details.strings.1) { second in
      withOptionalCText(details.strings.2) { third in
        withOptionalCText(error.subject.isEmpty ? nil : error.subject) { subject in
          raised.strings = (first, second, third)
          raised.subject = subject
          virt_kit_raise(&raised)
        }
      }
    }
  }
  return error.code.rawValue
}
