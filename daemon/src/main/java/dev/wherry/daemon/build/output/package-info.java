/**
 * What becomes of the result of a build: kinds of output, and how those that the client gets are written. Owns neither
 * images, which the store has, nor files of the client, which it writes itself.
 */
package dev.wherry.daemon.build.output;
