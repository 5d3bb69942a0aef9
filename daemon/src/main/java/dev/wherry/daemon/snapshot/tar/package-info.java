/**
 * Archives entry by entry, with all names and values as bytes. The format is read and written by commons-compress; what
 * is here is what it cannot do: it takes the records of PAX headers for UTF-8 text and leaves empty ones out, which
 * damages file capabilities, other extended attributes and long names. So headers are kept as they are read and the
 * records found again in them, and PAX headers are written as entries of their own. Uses {@code error}.
 */
package dev.wherry.daemon.snapshot.tar;
