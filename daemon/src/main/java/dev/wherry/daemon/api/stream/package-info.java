/** What clients send in pieces, as streams that blocking code reads: {@link PieceStream} where a reader asks for the next
 * piece, {@link PieceQueue} where pieces arrive by themselves. */
package dev.wherry.daemon.api.stream;
