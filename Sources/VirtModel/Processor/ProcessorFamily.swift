/// Architectures whose processors are described in one way.
package enum ProcessorFamily: Sendable {
  /// By model and features, all of which are known here.
  case x86
  /// By model.
  case power
  /// By model; not all are known here.
  case arm, mainframe
  /// Not at all.
  case none

  /// The family of an architecture; nil when there is no such architecture.
  package init?(architecture: String) {
    switch architecture {
    case "i686", "x86_64": self = .x86
    case "ppc64", "ppc64le": self = .power
    case "armv6l", "armv7l", "armv7b", "aarch64": self = .arm
    case "s390", "s390x": self = .mainframe
    case _ where Self.others.contains(architecture): self = .none
    default: return nil
    }
  }

  private static let others: Set<String> = [
    "alpha", "cris", "ia64", "lm32", "loongarch64", "m68k", "microblaze", "microblazeel", "mips", "mipsel", "mips64",
    "mips64el", "openrisc", "parisc", "parisc64", "ppc", "ppcle", "ppcemb", "riscv32", "riscv64", "sh4", "sh4eb", "sparc",
    "sparc64", "unicore32", "xtensa", "xtensaeb",
  ]

  /// The models that are known.
  package var modelNames: [String] {
    switch self {
    case .x86: ProcessorModels.all.map(\.name)
    case .power: ["POWER6", "POWER7", "POWER8", "POWER9", "POWER10", "POWERPC_e5500", "POWERPC_e6500"]
    case .arm, .mainframe, .none: []
    }
  }
}
