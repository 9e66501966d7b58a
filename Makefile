# Shared objects are linked here from SwiftPM's objects: SwiftPM itself sets no soname, takes no version script and drags in
# the dynamic C++ library, which triples the time to load. Everything else is SwiftPM's business.
#
#   make libraries      the shared libraries and drivers, in build/
#   make python         the Python modules, in build/python
#   make wheel          the Python modules, library and drivers in one file; make thin-wheel: the modules only
#   make stage          an installation in stage/, for trying and for tests
#   make install        PREFIX=/usr/local LIBDIR=$(PREFIX)/lib SYSCONFDIR=/etc DESTDIR=
#   make test           all tests of the first tier; the last line is "N passed, N failed"
#   make generate       every generated file from api-xml/
#   make bench          ours / reference, as ratios; CASES='lookup list' names some of the C library's
#   make check          layout of the code, generated files, laws of the house, warnings; make format repairs the layout
#   make soak           the long counts, under both sanitizers; ROUNDS=200
#   make check-load     what loading the library costs
#   make check-programs programs that fork, end and reload in bad moments; ROUNDS=20

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
BINDIR ?= $(PREFIX)/bin
SYSCONFDIR ?= /etc
DESTDIR ?=
CONFIGURATION ?= release
SCRATCH ?= .build
BUILD ?= build
SWIFT ?= swift
CC ?= cc
INSTALL ?= install

FILE_VERSION := 0.12008.0
SIBLINGS := qemu lxc admin
comma := ,
DRIVERS := test

# ---- Objects: SwiftPM compiles -------------------------------------------------------------------------------------------

# What libvirt.so.0 is made of, top down. Sources that are not there yet are left out.
library_modules := $(foreach module,CVirtExports CVirtBodies CVirtDispatch CVirtRuntime VirtCore VirtHost,$(if $(wildcard Sources/$(module)),$(module)))
# What each driver is made of; CVirtRuntime gives a driver only what it uses.
driver_modules_test := $(foreach module,TestDriverPlugin TestDriver VirtDriverKit CVirtDriverKit VirtEngine VirtModel VirtXML CVirtSchema CVirtGrammar VirtCore,$(if $(wildcard Sources/$(module)),$(module)))
driver_shell_test := TestDriverPlugin
# Drivers that have their shell.
drivers := $(foreach driver,$(DRIVERS),$(if $(wildcard Sources/$(driver_shell_$(driver))),$(driver)))

# Frames are found by their tables; a register more in each function is worth a twentieth of a short call.
swift_flags := -c $(CONFIGURATION) --scratch-path $(SCRATCH) --omit-frame-pointers
ifneq ($(SYSCONFDIR),/etc)
swift_flags += -Xcc '-DVIRT_SYSCONFDIR="$(SYSCONFDIR)"'
endif
# A staged installation finds them beside itself.
ifeq ($(filter /usr/local $(CURDIR)/stage,$(PREFIX)),)
swift_flags += -Xcc '-DVIRT_DATADIR="$(DATADIR)"'
endif
objects_directory = $(SCRATCH)/$(CONFIGURATION)
# From the sources, because objects of deleted files stay where they were.
objects = $(foreach module,$(1),$(shell find Sources/$(module) \
	-name '*.c' -printf '$(objects_directory)/$(module).build/%P.o ' \
	-o -name '*.swift' -printf '$(objects_directory)/$(module).build/%f.o '))

# ---- How shared objects are linked ------------------------------------------------------------------------------------------

include bindings/driver-swift/link.mk
# SANITIZER=address, thread or fuzzer (address, and counters of what a run reached): everything is compiled and linked with it;
# the sanitizer's run-time is the program's.
ifdef SANITIZER
sanitizer := $(patsubst fuzzer,address,$(SANITIZER))
swift_flags += --sanitize=$(sanitizer) $(if $(filter fuzzer,$(SANITIZER)),-Xswiftc -sanitize=fuzzer -Xcc -fsanitize=fuzzer-no-link)
link := $(filter-out -Wl$(comma)-z$(comma)defs,$(link)) -fsanitize=$(sanitizer)
sibling_flags_sanitizer := -fsanitize=$(sanitizer)
# An extension is loaded by a program that knows nothing of sanitizers: their run-time is preloaded.
python_sanitizer := -fsanitize=$(sanitizer) -shared-libsan
CC := $(swift_root)/bin/clang
else ifeq ($(CONFIGURATION),release)
link += -Wl,-s
endif

.PHONY: all libraries stage install clean generator generate check format test soak bench check-load check-programs FORCE
all: libraries

library := $(BUILD)/lib/libvirt.so.$(FILE_VERSION)
sibling_libraries := $(foreach sibling,$(SIBLINGS),$(if $(wildcard Sources/CVirtSiblings/$(sibling)),$(BUILD)/lib/libvirt-$(sibling).so.$(FILE_VERSION)))
driver_libraries := $(foreach driver,$(drivers),$(BUILD)/lib/libvirt/connection-driver/libvirt_driver_$(driver).so)

libraries: $(library) $(sibling_libraries) $(driver_libraries)

# SwiftPM knows what is out of date; the stamp changes when an object did, so that linking is skipped when nothing changed.
$(BUILD)/objects.stamp: FORCE
	@mkdir -p $(BUILD)
	@$(SWIFT) build $(swift_flags) --product Objects
	@find $(objects_directory)/ -name '*.o' -printf '%p %T@ %s\n' | sort > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

maps := bindings/c/Generated
# By GNU ld: LLVM's writes version nodes without the chain between them.
$(library): $(BUILD)/objects.stamp $(maps)/libvirt.map Makefile bindings/driver-swift/link.mk
	@mkdir -p $(@D)
	@echo "link $(@F)"
	@echo $(call objects,$(library_modules)) > $(BUILD)/libvirt.objects
	@$(link) -fuse-ld=bfd -o $@ -Wl,-soname,libvirt.so.0 -Wl,--version-script=$(maps)/libvirt.map @$(BUILD)/libvirt.objects $(runtime)
	@ln -sf $(@F) $(@D)/libvirt.so.0
	@ln -sf libvirt.so.0 $(@D)/libvirt.so

# A driver exports one function. What it takes from CVirtRuntime is pulled in like from an archive; the repair of the Swift
# run-time after fork belongs into every shared object that carries one.
$(BUILD)/lib/libvirt/connection-driver/libvirt_driver_%.so: $(BUILD)/objects.stamp scripts/driver.map Makefile bindings/driver-swift/link.mk
	@mkdir -p $(@D)
	@echo "link $(@F)"
	@echo $(call objects,$(driver_modules_$*)) > $(BUILD)/$*.objects
	@$(link) -fuse-ld=lld -o $@ -Wl,-soname,$(@F) -Wl,--version-script=scripts/driver.map @$(BUILD)/$*.objects \
	  $(objects_directory)/CVirtRuntime.build/fork-swift.c.o \
	  -Wl,--start-lib $(filter-out %/fork-swift.c.o,$(call objects,CVirtRuntime)) -Wl,--end-lib $(runtime) -lexpat

# Siblings are plain C and reach the run-time through libvirt.so.0.
sibling_flags := -O2 -g -fPIC -Wall -Wextra -DVIRT_SIBLING -D_GNU_SOURCE -ISources/CVirt/Generated -ISources/CVirtRuntime/include \
	-ISources/CVirtDispatch/Generated/include
$(BUILD)/lib/libvirt-%.so.$(FILE_VERSION): $(library) FORCE
	@$(CC) $(sibling_flags) $(sibling_flags_sanitizer) -shared -o $@.new -Wl,-soname,libvirt-$*.so.0 \
	  -Wl,--version-script=$(maps)/libvirt-$*.map $(if $(SANITIZER),,-Wl$(comma)-z$(comma)defs) -Wl,-z,nodelete -Wl,-z,now -Wl,-z,relro $(if $(filter release,$(CONFIGURATION)),-Wl$(comma)-s) \
	  $(shell find Sources/CVirtSiblings/$* -name '*.c' | sort) -L$(BUILD)/lib -lvirt
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; echo "link $(@F)"; fi
	@ln -sf $(@F) $(@D)/libvirt-$*.so.0
	@ln -sf libvirt-$*.so.0 $(@D)/libvirt-$*.so

# ---- The Python modules ------------------------------------------------------------------------------------------------------

# One extension for every Python from 3.10 on; it opens libvirt.so.0 when it is imported, so nothing is linked.
PYTHON ?= /usr/bin/python3
python_sources := $(sort $(wildcard bindings/python/runtime/*.c bindings/python/Generated/*.c))
python_objects := $(python_sources:bindings/python/%.c=$(BUILD)/python-objects/%.o)
python_headers := $(wildcard bindings/python/runtime/*.h bindings/python/Generated/*.h Sources/CVirt/Generated/libvirt/*.h) Sources/CVirtRuntime/include/virt-runtime.h
python_flags = -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra -Werror -Wno-missing-field-initializers -Wno-unused-parameter \
	-Ibindings/python/runtime -Ibindings/python/Generated -ISources/CVirt/Generated -ISources/CVirtRuntime/include \
	-isystem $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))') $(python_sanitizer)
# A Python without the interpreter's lock has no limited API: what is built for it is for its version only.
python_suffix := $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX") if sysconfig.get_config_var("Py_GIL_DISABLED") else ".abi3.so")')
python_extension := $(BUILD)/python/libvirt/__init__$(python_suffix)

.PHONY: python
python: $(python_extension)
	@rm -f $(BUILD)/python/*.py
	@cp -R bindings/python/modules/. bindings/python/Generated/modules/. $(BUILD)/python/

# For every interpreter from 3.10 on; the first brings library and drivers along, the second sits on the system's library.
.PHONY: wheel thin-wheel
wheel: stage
	@VIRT_BUNDLE=$(CURDIR)/stage/lib VIRT_WHEEL_PLATFORM=manylinux_2_36_$(shell uname -m) \
	  $(PYTHON) -m pip wheel -q --no-deps --no-build-isolation -w $(BUILD)/wheels ./bindings/python

thin-wheel:
	@VIRT_WHEEL_PLATFORM=manylinux_2_36_$(shell uname -m) \
	  $(PYTHON) -m pip wheel -q --no-deps --no-build-isolation -w $(BUILD)/thin-wheels ./bindings/python

$(python_extension): $(python_objects)
	@mkdir -p $(@D)
	@echo "link libvirt/$(@F)"
	@$(CC) -shared $(python_sanitizer) -o $@ $^ -ldl

$(BUILD)/python-objects/%.o: bindings/python/%.c $(python_headers)
	@mkdir -p $(@D)
	@$(CC) $(python_flags) -c -o $@ $<

# ---- Generating --------------------------------------------------------------------------------------------------------------

virtgen := $(SCRATCH)/release/virtgen

generator:
	@$(SWIFT) build -c release --scratch-path $(SCRATCH) --product virtgen --static-swift-stdlib

generate: generator
	@$(virtgen) generate

# ---- Testing ---------------------------------------------------------------------------------------------------------------

results := $(BUILD)/results
pytest := /usr/bin/python3 -m pytest -q -p no:cacheprovider --junitxml=@RESULTS@
test:
	@$(MAKE) --no-print-directory stage
	@$(MAKE) --no-print-directory -j2 python
	@scripts/run-tests $(results) \
	  'repository=$(pytest) Tests/RepositoryTests' \
	  'generated=$(pytest) Tests/GeneratorTests' \
	  'swift=$(SWIFT) test --scratch-path $(SCRATCH) --quiet --xunit-output @RESULTS@' \
	  'documents=$(pytest) Tests/DocumentTests' \
	  'abi=$(pytest) Tests/ABITests' \
	  'drivers=$(pytest) Tests/DriverContract' \
	  'end-to-end=$(pytest) Tests/EndToEndTests' \
	  'python-comparison=$(pytest) Tests/PythonComparison' \
	  'hostile=$(pytest) Tests/Hostile'

# Layout of the code, generated files, the laws of the house; compiling for the tests treats every warning as an error.
swift_files = $(shell find Sources generators Tests bindings Package.swift -name '*.swift' -not -path '*/Generated/*' -not -path '*/.build/*')
check: generator
	@$(SWIFT) format lint --strict $(swift_files)
	@$(virtgen) check
	@$(virtgen) lint
	@/usr/bin/python3 -m pytest -q -p no:cacheprovider Tests/RepositoryTests
	@$(SWIFT) build --scratch-path $(SCRATCH) --build-tests

format:
	@$(SWIFT) format format -i $(swift_files)

soak: stage
	@scripts/soak $(ROUNDS)

# ---- Measuring -------------------------------------------------------------------------------------------------------------

# One program, on the reference library and on ours in one run; CASES names some of it.
CASES ?=
benchmark := $(BUILD)/benchmark
bench: stage $(benchmark)
	@$(MAKE) --no-print-directory -j2 python
	@status=0; /usr/bin/python3 Tests/Benchmarks/run.py $(abspath $(benchmark)) $(CURDIR)/stage/lib $(CASES) || status=1; \
	$(if $(CASES),,$(MAKE) --no-print-directory bench-python || status=1;) exit $$status

# The Python modules against Debian's, and what awaiting costs; the sample driver has a slow call.
.PHONY: bench-python
bench-python:
	@/usr/bin/python3 Tests/Benchmarks/python.py $(BUILD)/python stage/lib
	@mkdir -p $(BUILD)/sample
	@PKG_CONFIG_PATH=$(CURDIR)/stage/lib/pkgconfig $(MAKE) --no-print-directory -C bindings/driver-c BUILD=$(abspath $(BUILD)/sample)
	@LIBVIRT_DRIVER_DIR=$(abspath $(BUILD)/sample) LD_LIBRARY_PATH=stage/lib PYTHONPATH=$(BUILD)/python /usr/bin/python3 Tests/Benchmarks/aio.py

# Against Debian's headers and library: what runs was compiled for the reference.
$(benchmark): $(wildcard Tests/Benchmarks/*.c Tests/Benchmarks/*.h)
	@$(CC) -O2 -g -Wall -Wextra -o $@ $(wildcard Tests/Benchmarks/*.c) -lvirt -lpthread -ldl

# ---- Installing ----------------------------------------------------------------------------------------------------------

# From one directory of an installation to another, so that it can be moved as a whole.
relative = $(shell realpath -m -s --relative-to='$(1)' '$(2)')

# What drivers in Swift are written with, as a source package: a binary module would bind to one compiler.
kit := bindings/driver-swift/Package.swift bindings/driver-swift/link.mk bindings/driver-swift/driver.mk scripts/driver.map
kit_modules := CVirt CVirtRuntime VirtCore CVirtDriverKit VirtDriverKit

install: libraries generator
	$(INSTALL) -d $(DESTDIR)$(LIBDIR)/libvirt/connection-driver $(DESTDIR)$(LIBDIR)/pkgconfig \
	  $(DESTDIR)$(INCLUDEDIR)/libvirt $(DESTDIR)$(DATADIR)/libvirt/api $(DESTDIR)$(BINDIR)
	for name in libvirt $(SIBLINGS:%=libvirt-%); do \
	  test -f $(BUILD)/lib/$$name.so.$(FILE_VERSION) || continue; \
	  $(INSTALL) -m 755 $(BUILD)/lib/$$name.so.$(FILE_VERSION) $(DESTDIR)$(LIBDIR)/ && \
	  ln -sf $$name.so.$(FILE_VERSION) $(DESTDIR)$(LIBDIR)/$$name.so.0 && \
	  ln -sf $$name.so.0 $(DESTDIR)$(LIBDIR)/$$name.so || exit 1; \
	done
	for driver in $(driver_libraries); do \
	  $(INSTALL) -m 755 $$driver $(DESTDIR)$(LIBDIR)/libvirt/connection-driver/ || exit 1; \
	done
	$(INSTALL) -m 644 Sources/CVirt/Generated/libvirt/*.h $(DESTDIR)$(INCLUDEDIR)/libvirt/
	for file in $(wildcard $(maps)/*.pc $(maps)/*.pc.in); do \
	  sed -e 's|@PREFIX_FROM_PKGCONFIG@|$(call relative,$(LIBDIR)/pkgconfig,$(PREFIX))|g' \
	    -e 's|@LIBDIR_FROM_PREFIX@|$(call relative,$(PREFIX),$(LIBDIR))|g' \
	    -e 's|@INCLUDEDIR_FROM_PREFIX@|$(call relative,$(PREFIX),$(INCLUDEDIR))|g' \
	    -e 's|@DATADIR_FROM_PREFIX@|$(call relative,$(PREFIX),$(DATADIR))|g' \
	    $$file > $(DESTDIR)$(LIBDIR)/pkgconfig/$$(basename $$file .in) || exit 1; \
	done
	$(INSTALL) -d $(DESTDIR)$(DATADIR)/libvirt/schemas
	$(INSTALL) -m 644 bindings/schemas/Generated/* $(DESTDIR)$(DATADIR)/libvirt/schemas/
	$(INSTALL) -m 755 scripts/virt-xml-validate $(DESTDIR)$(BINDIR)/
	for file in $(wildcard $(maps)/*-api.xml bindings/Generated/*-api.xml); do \
	  $(INSTALL) -m 644 $$file $(DESTDIR)$(DATADIR)/libvirt/api/ || exit 1; \
	done

	$(INSTALL) -d $(DESTDIR)$(DATADIR)/virt/swift/Sources
	$(INSTALL) -m 644 $(kit) $(DESTDIR)$(DATADIR)/virt/swift/
	cp -R $(kit_modules:%=Sources/%) $(DESTDIR)$(DATADIR)/virt/swift/Sources/
	cp -R api-xml $(DESTDIR)$(DATADIR)/virt/
	$(INSTALL) -m 755 $(virtgen) $(DESTDIR)$(BINDIR)/

# An installation of its own, made anew each time.
stage: libraries
	rm -rf stage
	$(MAKE) --no-print-directory install PREFIX=$(CURDIR)/stage LIBDIR=$(CURDIR)/stage/lib DESTDIR=

clean:
	rm -rf $(BUILD) stage $(SCRATCH)

# ---- Looking -------------------------------------------------------------------------------------------------------------

check-load: $(library)
	@scripts/check-load $(library)

# What forks, ends and reloads in bad moments, against the linked library. The first line pins the name by which
# fork-swift.c reaches into the Swift run-time.
ROUNDS ?= 20
programs := Tests/CVirtRuntimeTests/Programs
program_driver := $(wildcard $(BUILD)/lib/libvirt/connection-driver/libvirt_driver_test.so)
program_uri = $(if $(program_driver),test:///default)
check-programs: libraries
	@nm $(swift_static)/libswiftCore.a 2>/dev/null | grep -q _ZZN5swift14threading_impl5linux13ulock_get_tidEvE3tid || \
	  { echo "fork-swift.c: the Swift run-time no longer has the variable it resets"; exit 1; }
	@mkdir -p $(BUILD)/programs
	@for name in fork exit reload; do \
	  $(CC) -O1 -g -Wall -Wextra -ISources/CVirt/Generated -o $(BUILD)/programs/$$name $(programs)/$$name.c \
	    $$(test $$name = reload || echo "-L$(BUILD)/lib -lvirt -Wl,-rpath,$(abspath $(BUILD)/lib)") -lpthread -ldl || exit 1; \
	done
	$(BUILD)/programs/fork $(ROUNDS) "$(program_uri)"
	$(BUILD)/programs/fork $(ROUNDS) "$(program_uri)" cold
	@round=0; while [ $$round -lt $(ROUNDS) ]; do \
	  $(BUILD)/programs/exit $(program_uri) || { echo "exit: status $$? in round $$round"; exit 1; }; round=$$((round + 1)); \
	done; echo "exit: $(ROUNDS) rounds"
	$(BUILD)/programs/reload $(abspath $(BUILD)/lib/libvirt.so.0)
