/**
 * What a build fetches from elsewhere: files of web servers, git repositories, and archives. Everything fetched is
 * bounded in size and time, comes into a folder of the daemon, and is trusted in nothing. Knows nothing of steps and
 * images. Uses {@code content}, {@code registry}, {@code metadata} and {@code linux}.
 */
package dev.wherry.daemon.builder.source;
