/**
 * The tar format in bytes: POSIX ustar with PAX headers, read and written, and what GNU tar writes, read. File names and
 * attribute values are bytes here from end to end, which is why this is not left to a library that takes them for text;
 * and a stream written today must come out the same in every later version, since digests name it. Uses {@code error}.
 */
package dev.wherry.daemon.snapshot.tar;
