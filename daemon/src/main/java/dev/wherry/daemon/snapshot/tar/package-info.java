/**
 * Reads and writes tar archives entry by entry, with all names and values as bytes. commons-compress reads and
 * writes the format. It takes the records of PAX headers for UTF-8 text and drops empty ones, which damages file
 * capabilities, other extended attributes and long names; so this package keeps headers as they were read, parses
 * their records itself, and writes PAX headers as entries of their own.
 */
package dev.wherry.daemon.snapshot.tar;
