package dev.wherry.daemon.linux.crypto;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;

/** What the daemon calls of OpenSSL's {@code libcrypto}, under its own names; SHA256_Init(3) is the documentation. */
interface LibCrypto extends Library {

    /** Size of {@code SHA256_CTX}, which holds no pointer and so may be kept, and moved, as plain bytes. */
    int SHA256_CTX = 112;

    int SHA256_Init(byte[] context);

    int SHA256_Update(byte[] context, byte[] data, NativeLong length);

    int SHA256_Final(byte[] digest, byte[] context);
}
