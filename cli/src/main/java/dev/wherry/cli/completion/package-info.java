/**
 * What a shell may offer for a word that is not yet typed to its end: the candidates, and where the live ones come from.
 * Asks the daemon, but never waits for it longer than a person would; uses {@code command} for the session and
 * {@code view}.
 */
package dev.wherry.cli.completion;
