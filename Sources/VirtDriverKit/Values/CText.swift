public import Glibc

/// A text that can be shown to C for the duration of a call.
public protocol CText {
  /// Calls the body with the text, NUL-terminated.
  func withCText<Result, Failure: Error>(_ body: (UnsafePointer<CChar>) throws(Failure) -> Result) throws(Failure) -> Result
}

extension String: CText {
  /// Calls the body with the text, NUL-terminated; allocates nothing for native strings.
  @inlinable @inline(__always)
  public func withCText<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let outcome = withCString { text -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body(text)) } catch { return .failure(error) }
    }
    return try outcome.get()
  }
}

/// The text as C knows it, or NULL.
@inlinable
func withOptionalCText<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
  guard let text else { return body(nil) }
  return text.withCString(body)
}

/// A text that belongs to the caller: good for the duration of the call. May hold bytes that are not UTF-8.
public struct BorrowedText: CText, @unchecked Sendable {
  /// The text as C has it.
  public let pointer: UnsafePointer<CChar>

  /// Borrows a NUL-terminated text.
  @inlinable public init(_ pointer: UnsafePointer<CChar>) { self.pointer = pointer }

  /// Borrows a text that may be missing.
  @inlinable public init?(_ pointer: UnsafePointer<CChar>?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  /// The bytes without their NUL.
  @inlinable public var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self), count: strlen(pointer))
  }

  /// A copy as a Swift string; bytes that are no UTF-8 are replaced.
  public var string: String { String(cString: pointer) }

  /// Whether the bytes are those of the string.
  public static func == (text: BorrowedText, string: String) -> Bool { text.bytes.elementsEqual(string.utf8) }

  /// Calls the body with the text.
  @inlinable
  public func withCText<Result, Failure: Error>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result { try body(pointer) }
}
