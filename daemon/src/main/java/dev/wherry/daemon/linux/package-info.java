/**
 * System calls and {@code /proc}; no other package makes system calls. Functions carry the kernel's names and
 * throw {@link dev.wherry.daemon.linux.SystemCallException} with the error number.
 */
package dev.wherry.daemon.linux;
