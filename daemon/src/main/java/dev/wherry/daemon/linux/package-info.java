/**
 * The only package that makes system calls, and what is read of {@code /proc}. Functions carry the kernel's names and
 * throw {@link dev.wherry.daemon.linux.SystemCallException} with the error number. Uses {@code error}.
 */
package dev.wherry.daemon.linux;
