import APIDescription
import BindingPlan
import CodePrinting

/// Writes the pkg-config files. They find their prefix from their own place, so that an installation can be moved.
enum PkgConfigEmitter {
  static func files(_ plan: Plan) -> [GeneratedFile] {
    plan.description.libraries.map { library in
      var printer = CodePrinter(.shell)
      printer.lines(
        "prefix=${pcfiledir}/@PREFIX_FROM_PKGCONFIG@", "exec_prefix=${prefix}", "libdir=${pcfiledir}/..",
        "includedir=${prefix}/include",
        "datadir=${prefix}/share", "")
      for other in plan.description.libraries
      where other.name == library.name || !library.isSibling && other.name != "\(library.name)-admin" {
        printer.line("\(other.name.replacingHyphens)_api=${datadir}/libvirt/api/\(other.name)-api.xml")
      }
      if !library.isSibling {
        printer.lines(
          "", "# Where drivers are installed, and the Swift package to write one with.",
          "driverdir=${libdir}/libvirt/connection-driver",
          "swiftkit=${datadir}/virt/swift")
      }
      printer.lines("", "Name: \(library.name)", "Version: \(plan.description.release)", "Description: \(library.doc)")
      if library.isSibling { printer.line("Requires: \(plan.description.libraries[0].pkgConfig)") }
      printer.lines("Libs: -L${libdir} -l\(library.link)", "Cflags: -I${includedir}")
      return printer.file("bindings/c/Generated/\(library.pkgConfig).pc.in")
    }
  }
}
