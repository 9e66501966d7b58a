/// What a driver gives to documents: what is assumed where they are silent.
package struct ModelContext: Sendable {
  /// The architecture of a guest that names none.
  package var architecture: String
  /// How interfaces of the host end of a guest's network are called, before their number; nil leaves them unnamed.
  package var interfacePrefix: String?
  /// The model of a video device that names none.
  package var videoModel: String
  /// Whether the first serial line is seen as a console, and the first console is such a line.
  var showsLine = true

  /// Names the defaults.
  package init(architecture: String, interfacePrefix: String? = nil, videoModel: String = "cirrus") {
    self.architecture = architecture
    self.interfacePrefix = interfacePrefix
    self.videoModel = videoModel
  }

  /// The same for guests of a type of operating system: those of full virtual machines have lines that are consoles.
  func with(system: String?) -> ModelContext {
    var context = self
    context.showsLine = system == "hvm"
    return context
  }
}
