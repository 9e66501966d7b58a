import APIDescription
import BindingPlan
public import CodePrinting

/// Writes a driver in C that builds against the installed library.
public enum CDriverStub {
  /// The project's files.
  public static func files(_ stub: DriverStub) -> [GeneratedFile] { [makefile(stub), source(stub), stub.readme("C")] }

  private static func makefile(_ stub: DriverStub) -> GeneratedFile {
    var printer = CodePrinter(.plain, banner: false)
    let library = "libvirt_driver_\(stub.name).so"
    printer.lines(
      "CC ?= cc", "CFLAGS ?= -O2 -g", "",
      "\(library): \(stub.name).c",
      "\t$(CC) -std=c11 -fPIC -fvisibility=hidden -Wall -Wextra $(shell pkg-config --cflags libvirt) $(CFLAGS) -shared -o $@ $< -Wl,-z,defs -Wl,-z,nodelete",
      "", "install: \(library)",
      "\tinstall -D -m 755 $< $(DESTDIR)$(shell pkg-config --variable=driverdir libvirt)/$<", "", "clean:", "\trm -f \(library)",
      "",
      ".PHONY: install clean")
    return printer.file("Makefile")
  }

  private static func source(_ stub: DriverStub) -> GeneratedFile {
    var printer = CodePrinter(.c, banner: false)
    printer.lines(
      "/* The driver \(stub.name): \(stub.scheme):// */", "#include <libvirt/virt-driver.h>", "", "#include <stdlib.h>", "")
    stub.note(&printer)
    printer.lines(
      "static struct virt_driver_services host;", "",
      "/* What the driver knows of one connection: the first argument of every operation. */",
      "struct \(stub.prefix) {", "    virConnectPtr connection;", "};", "",
      "static int32_t fail(int32_t code, const char *text, const char *subject)", "{",
      "    struct virt_driver_error error = { .size = sizeof error, .code = code, .domain = VIR_FROM_DOMAIN, .text = text, .subject = subject };",
      "    host.raise(&error);", "    return code;", "}", "",
      "static int32_t \(stub.prefix)_connectOpen(void *driver, const struct virt_driver_open *request, void **result)", "{",
      "    (void)driver;", "    struct \(stub.prefix) *state = calloc(1, sizeof *state);", "    if (state == NULL)",
      "        return fail(VIR_ERR_NO_MEMORY, NULL, NULL);", "    state->connection = request->connection;", "    *result = state;",
      "    return 0;", "}", "",
      "static int32_t \(stub.prefix)_connectClose(void *driver)", "{", "    free(driver);", "    return 0;", "}", "")
    for operation in stub.operations {
      printer.list(
        "static int32_t \(stub.prefix)_\(operation.operation.name)(", ["void *driver"] + operation.cParameters, ")")
      printer.block("{") { printer in
        for name in ["driver"] + operation.cArguments { printer.line("(void)\(name);") }
        printer.line("return fail(VIR_ERR_OPERATION_UNSUPPORTED, \"not written yet:\", \"\(operation.operation.name)\");")
      }
      printer.line()
    }
    printer.block("static const struct virt_driver_operation operations[] = {", "};") { printer in
      for name in ["connectOpen", "connectClose"] + stub.operations.map(\.operation.name) {
        printer.line("VIRT_DRIVER_OPERATION(\(name), \(stub.prefix)_\(name)),")
      }
    }
    printer.lines(
      "", "int virt_driver_negotiate(const struct virt_driver_host *theHost, struct virt_driver_reply *reply)", "{",
      "    if (!virt_driver_services_load(theHost, &host)) {",
      "        reply->error = \"the host lacks a service that this driver needs\";",
      "        return -1;", "    }", "    reply->minor = VIRT_DRIVER_ABI_MINOR;",
      "    reply->operations = (struct virt_driver_array){ operations, sizeof operations / sizeof *operations, sizeof *operations };",
      "    return 0;", "}")
    return printer.file("\(stub.name).c")
  }
}
