import CodePrinting

/// What stands before the first declaration of the first header: the macros the others are written with.
enum HeaderPreamble {
  static func write(to printer: inout CodePrinter) {
    printer.lines(
      "# include <sys/types.h>", "# include <string.h>", "",
      "# ifndef VIR_DEPRECATED",
      "#  if defined(__GNUC__) && !defined(VIR_ENABLE_DEPRECATED)",
      "#   define VIR_DEPRECATED __attribute__((deprecated))",
      "#  else",
      "#   define VIR_DEPRECATED",
      "#  endif",
      "# endif", "",
      "# if defined(_WIN32) && defined(_MSC_VER)",
      "#  ifdef LIBVIRT_STATIC",
      "#   define VIR_EXPORT_VAR extern",
      "#  else",
      "#   define VIR_EXPORT_VAR __declspec(dllimport) extern",
      "#  endif",
      "# else",
      "#  define VIR_EXPORT_VAR extern",
      "# endif", "")
  }
}
