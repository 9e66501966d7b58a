import APIDescription

/// How one parameter of a function or an operation is carried. Every emitter switches over all of these, so that a new shape
/// does not compile until every language handles it.
public indirect enum Marshalling {
  /// A handle of a class.
  case handle(HandleType, isNullable: Bool)
  /// A number.
  case scalar
  /// Flags of a type; nil where none is defined.
  case flags(String?)
  /// Text going in.
  case text(isNullable: Bool)
  /// Text coming out, allocated for the caller.
  case textOut
  /// 16 bytes of a UUID going in.
  case uuid
  /// Room for 16 bytes of a UUID.
  case uuidOut
  /// Room for a UUID as text.
  case uuidTextOut
  /// Bytes going in; a parameter (or a product of two) gives their number.
  case bytes(length: String)
  /// Room for bytes, of which a parameter (or a product of two) gives the number.
  case bytesOut(length: String)
  /// Bytes coming out, allocated for the caller.
  case bytesAllocated(length: String)
  /// A number coming out.
  case scalarOut(isNullable: Bool)
  /// A number going in and coming out.
  case scalarInOut
  /// A struct going in.
  case structIn(String, isNullable: Bool)
  /// A struct to be filled.
  case structOut(String)
  /// A struct to be filled as far as the caller knows it.
  case structOutSized(String, size: String)
  /// Room for structs; the return value or another parameter gives how many were filled.
  case structsOut(String, capacity: String)
  /// Structs coming out in an allocated array of pointers or of structs.
  case structsAllocated(String, pointers: Bool)
  /// Numbers going in.
  case scalars(length: String)
  /// Room for numbers.
  case scalarsOut(capacity: String)
  /// Texts going in; NULL-terminated without a length.
  case texts(length: String?)
  /// Room for texts.
  case textsOut(capacity: String)
  /// Texts coming out in an allocated array.
  case textsAllocated
  /// Handles going in, NULL-terminated.
  case handles(HandleType)
  /// Handles coming out in an allocated array; NULL asks for their number only.
  case handlesAllocated(HandleType)
  /// A handle coming out.
  case handleOut(HandleType)
  /// Typed parameters going in.
  case parameters(length: String, family: String?)
  /// Room for typed parameters; a count of 0 asks for the number.
  case parametersOut(length: String, family: String?)
  /// Typed parameters coming out in an allocated array.
  case parametersAllocated(length: String, family: String?)
  /// File descriptors going in.
  case descriptors(length: String)
  /// File descriptors coming out in an allocated array.
  case descriptorsAllocated(length: String)
  /// Gives or receives the number of elements of another parameter.
  case length
  /// A function of the program.
  case callback
  /// What is handed to that function.
  case opaque
  /// Frees what is handed to that function.
  case freeCallback
  /// Anything else, passed as it is.
  case pointer
}
