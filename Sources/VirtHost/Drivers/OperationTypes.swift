internal import CVirt

/// The C types of the operations that the host itself calls; see the generated driver header.
enum OperationTypes {
  typealias Open =
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<virt_driver_open>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) ->
    Int32
  typealias Close = @convention(c) (UnsafeMutableRawPointer?) -> Int32
  typealias ProposeURI = @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Int32
}
