package dev.wherry.daemon.api.cri.stream;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** The ports of a pod. */
@FunctionalInterface
interface PodPorts {

    /**
     * Connects to a port.
     *
     * @throws dev.wherry.daemon.error.WherryException when nothing listens there, or the port may not be forwarded
     */
    SocketChannel connect(int port) throws IOException;
}
