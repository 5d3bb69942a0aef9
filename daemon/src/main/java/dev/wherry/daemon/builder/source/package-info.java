/**
 * What a build fetches: files of web servers, git repositories and archives. Everything fetched is limited in size and
 * time, goes into a folder of the daemon, and is not trusted. Knows nothing of steps and images.
 */
package dev.wherry.daemon.builder.source;
