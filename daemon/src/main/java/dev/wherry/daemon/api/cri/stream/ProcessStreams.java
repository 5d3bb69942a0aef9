package dev.wherry.daemon.api.cri.stream;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * A client's ends of the streams of a process, whichever protocol carries them. A stream that the client did not ask for is
 * empty, or takes everything. Writing blocks while the client does not read.
 *
 * @param stdin ends when the client closes it; a client that leaves breaks it
 */
record ProcessStreams(InputStream stdin, OutputStream stdout, OutputStream stderr, WindowSizes sizes) {}
