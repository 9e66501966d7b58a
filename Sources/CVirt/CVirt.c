/* The target has headers only; SwiftPM wants one file to compile. */
typedef int virt_nothing_here;
