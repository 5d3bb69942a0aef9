/**
 * Containers by Docker's API: what its bodies ask for in the daemon's own terms, the streams of attach, exec and logs in
 * its framing, and archives. Translates and delegates; what containers are is said in {@code container}.
 */
package dev.wherry.daemon.api.docker.container;
