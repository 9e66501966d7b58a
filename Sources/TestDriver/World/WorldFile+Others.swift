internal import VirtCore
internal import VirtModel
internal import VirtXML

extension World {
  /// Adds the node device, secret, filter or binding that an element of a file describes; nothing for any other element.
  ///
  /// - Parameter included: Gives what stands in the file that an element names, or the element.
  func addOther(
    _ element: XMLElement, _ included: (XMLElement) throws(VirtError) -> XMLElement
  ) throws(VirtError) {
    switch element.name {
    case "device": try addDevice(try NodeDeviceDefinition.read(try included(element)))
    case "secret": try addSecret(try included(element))
    case "filter": try filters.keep(try FilterDefinition.read(try included(element)))
    case "filterbinding": try filters.bind(try FilterBindingDefinition.read(try included(element)))
    default: break
    }
  }
}
