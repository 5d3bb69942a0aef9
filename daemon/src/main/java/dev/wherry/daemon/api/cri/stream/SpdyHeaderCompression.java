package dev.wherry.daemon.api.cri.stream;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.handler.codec.spdy.SpdyHeaderBlockEncoder;
import io.netty.handler.codec.spdy.SpdyVersion;

/**
 * How Netty compresses the headers of SPDY in a native executable: always by the JDK. Netty also names another library, for
 * JDKs of long ago, which is not there.
 */
@TargetClass(SpdyHeaderBlockEncoder.class)
final class SpdyHeaderCompression {

    private SpdyHeaderCompression() {}

    @Substitute
    static SpdyHeaderBlockEncoder newInstance(SpdyVersion version, int level, int windowBits, int memoryLevel) {
        return (SpdyHeaderBlockEncoder) (Object) new ByJdk(version, level);
    }

    @TargetClass(className = "io.netty.handler.codec.spdy.SpdyHeaderBlockZlibEncoder")
    static final class ByJdk {

        @Alias
        ByJdk(SpdyVersion version, int level) {}
    }
}
