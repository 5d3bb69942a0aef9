package dev.wherry.cli.client;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.util.Random;

/**
 * What the JDK's unix sockets draw names from for sockets that listen without one, in a native executable. A client never
 * listens, and the secure generator of the JDK reads all security providers, which is a fifth of the time of a call.
 */
@TargetClass(className = "sun.nio.ch.UnixDomainSockets")
final class UnixSocketNames {

    private UnixSocketNames() {}

    @Substitute
    private static Random getRandom() {
        return new Random();
    }
}
