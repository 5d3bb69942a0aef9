package dev.wherry.daemon.network.netavark;

import dev.wherry.daemon.host.ElfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * An {@code iptables} that says which version it is, and to all else that it is done. Netavark runs it twenty times for
 * each link: a shell that is started for that takes more time than all that netavark itself does, so that where this is
 * possible the program is one of two system calls.
 */
final class SatisfiedFirewall {

    private static final String SCRIPT = """
            #!/bin/sh
            # Netavark shall make links only; the rules of the firewall are made by wherryd.
            case $1 in --version) echo 'iptables v1.8.9 (nf_tables)' ;; esac
            """;

    private static final String VERSION = "iptables v1.8.9 (nf_tables)\n";

    private static final String CODE = """
            48833c2402              cmp qword [rsp], 2: the number of words in the command
            722f                    jb to the end
            488b742410              mov rsi, [rsp + 16]: the first argument
            488b06                  mov rax, [rsi]
            48ba2d2d76657273696f    mov rdx, "--versio"
            4839d0                  cmp rax, rdx
            7518                    jne to the end
            bf01000000              mov edi, 1
            488d3515000000          lea rsi, [rip + 21]: what comes after the code
            ba1c000000              mov edx, 28
            b801000000              mov eax, 1: write
            0f05                    syscall
            31ff                    xor edi, edi
            b8e7000000              mov eax, 231: exit_group
            0f05                    syscall
            """;

    private SatisfiedFirewall() {}

    /** Writes the programs that netavark looks for into a folder, for one caller after the other. */
    static synchronized void write(Path folder) throws IOException {
        byte[] program =
                System.getProperty("os.arch").equals("amd64") ? program() : SCRIPT.getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(folder);
        for (String name : List.of("iptables", "ip6tables")) {
            write(program, folder.resolve(name));
        }
    }

    /** A program that runs cannot be written to: another takes its place. */
    private static void write(byte[] program, Path file) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), program)) {
            return;
        }
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(partial);
        Files.write(partial, program);
        Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwx------"));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] program() {
        ByteBuffer file = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        file.position(ElfFile.HEADERS);
        CODE.lines().forEach(line -> file.put(HexFormat.of().parseHex(line, 0, line.indexOf(' '))));
        file.put(VERSION.getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = new byte[file.position()];
        ElfFile.putHeaders(file, ElfFile.X86_64, ElfFile.ADDRESS + ElfFile.HEADERS, bytes.length);
        file.get(0, bytes);
        return bytes;
    }
}
