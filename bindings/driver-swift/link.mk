# How shared objects with a Swift run-time of their own are linked: SwiftPM itself sets no soname, takes no version script
# and drags in the dynamic C++ library, which triples the time to load.
SWIFT ?= swift
swift_root := $(shell $(SWIFT)c -print-target-info | sed -n 's|.*"runtimeResourcePath" *: *"\(.*\)/lib/swift".*|\1|p')
swift_static := $(swift_root)/lib/swift_static/linux
machine := $(shell uname -m)
# Packed relative relocations (glibc 2.36): the Swift run-time has 20,000 of them, whose table alone is half a megabyte.
link := $(swift_root)/bin/clang++ -shared -nostdlib++ -static-libgcc -Wl,--gc-sections -Wl,--build-id \
	-Wl,-z,defs -Wl,-z,nodelete -Wl,-z,now -Wl,-z,relro -Wl,-z,pack-relative-relocs
# The Swift run-time and the C++ library under it, both static; archives give only what is used.
runtime = $(swift_static)/$(machine)/swiftrt.o -L$(swift_static) -lswiftSynchronization -lswift_StringProcessing \
	-lswift_RegexParser -lswift_Concurrency -lswiftGlibc -lswiftCore -ldispatch -lBlocksRuntime -l:libstdc++.a -lm -ldl -lpthread
