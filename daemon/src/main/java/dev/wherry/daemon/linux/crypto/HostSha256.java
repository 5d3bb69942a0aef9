package dev.wherry.daemon.linux.crypto;

import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * SHA-256 as the host's {@code libcrypto} computes it: with the instructions that the processor at hand has for it. A
 * native executable is compiled for processors of which some have none, and without them hashes at a quarter of the
 * speed. A call costs as much as hashing some hundred bytes, so short input is better left to the JDK.
 */
public final class HostSha256 extends MessageDigest {

    /** Both have the functions called here, and a host has one or the other. */
    private static final String[] LIBRARIES = {"libcrypto.so.3", "libcrypto.so.1.1"};

    private static final Optional<LibCrypto> LIBRARY =
            Stream.of(LIBRARIES).flatMap(name -> load(name).stream()).findFirst();

    private static final int DIGEST = 32;

    private final LibCrypto library;
    private final byte[] context = new byte[LibCrypto.SHA256_CTX];

    private HostSha256(LibCrypto library) {
        super("SHA-256");
        this.library = library;
        engineReset();
    }

    /** A fresh computation, where the host has the library. */
    public static Optional<MessageDigest> find() {
        return LIBRARY.map(HostSha256::new);
    }

    private static Optional<LibCrypto> load(String name) {
        try {
            LibCrypto library = Native.load(name, LibCrypto.class);
            // A library that was built without the function is found out here, not in the middle of a file.
            library.SHA256_Init(new byte[LibCrypto.SHA256_CTX]);
            return Optional.of(library);
        } catch (UnsatisfiedLinkError absent) {
            return Optional.empty();
        }
    }

    @Override
    protected void engineReset() {
        library.SHA256_Init(context);
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int length) {
        byte[] start = offset == 0 ? input : Arrays.copyOfRange(input, offset, offset + length);
        library.SHA256_Update(context, start, new NativeLong(length));
    }

    @Override
    protected byte[] engineDigest() {
        byte[] digest = new byte[DIGEST];
        library.SHA256_Final(digest, context);
        engineReset();
        return digest;
    }

    @Override
    protected int engineGetDigestLength() {
        return DIGEST;
    }
}
