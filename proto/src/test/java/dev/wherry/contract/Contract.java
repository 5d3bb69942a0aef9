package dev.wherry.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients rely on, by full names such as ".wherry.v1.ContainerService.Start": the messages, enums and calls of a
 * set of descriptors. In which file something is defined does not matter to them.
 */
record Contract(
        Map<String, DescriptorProto> messages,
        Map<String, EnumDescriptorProto> enums,
        Map<String, MethodDescriptorProto> calls) {

    static Contract of(FileDescriptorSet files) {
        Contract contract = new Contract(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        for (FileDescriptorProto file : files.getFileList()) {
            String scope = "." + file.getPackage() + ".";
            file.getMessageTypeList().forEach(message -> contract.add(scope, message));
            file.getEnumTypeList().forEach(type -> contract.enums.put(scope + type.getName(), type));
            file.getServiceList()
                    .forEach(service -> service.getMethodList()
                            .forEach(call ->
                                    contract.calls.put(scope + service.getName() + "." + call.getName(), call)));
        }
        return contract;
    }

    private void add(String scope, DescriptorProto message) {
        String name = scope + message.getName();
        messages.put(name, message);
        message.getNestedTypeList().forEach(nested -> add(name + ".", nested));
        message.getEnumTypeList().forEach(nested -> enums.put(name + "." + nested.getName(), nested));
    }

    /** What a client of this contract can no longer rely on under the next one, a sentence each. */
    List<String> brokenBy(Contract next) {
        List<String> breaks = new ArrayList<>();
        calls.forEach((name, call) -> {
            if (!next.calls.containsKey(name)) {
                breaks.add(name + " was removed");
            } else {
                compare(name, call, next.calls.get(name), breaks);
            }
        });
        messages.forEach((name, message) -> {
            if (!next.messages.containsKey(name)) {
                breaks.add(name + " was removed");
            } else {
                breaks.addAll(new MessageChange(name, message, next.messages.get(name)).breaks());
            }
        });
        enums.forEach((name, type) -> {
            if (!next.enums.containsKey(name)) {
                breaks.add(name + " was removed");
            } else {
                breaks.addAll(new EnumChange(name, type, next.enums.get(name)).breaks());
            }
        });
        return breaks;
    }

    private static void compare(
            String name, MethodDescriptorProto before, MethodDescriptorProto after, List<String> breaks) {
        if (!before.getInputType().equals(after.getInputType())) {
            breaks.add(name + " takes " + after.getInputType() + " instead of " + before.getInputType());
        }
        if (!before.getOutputType().equals(after.getOutputType())) {
            breaks.add(name + " returns " + after.getOutputType() + " instead of " + before.getOutputType());
        }
        if (before.getClientStreaming() != after.getClientStreaming()) {
            breaks.add(name + " changed between one request and a stream of requests");
        }
        if (before.getServerStreaming() != after.getServerStreaming()) {
            breaks.add(name + " changed between one response and a stream of responses");
        }
    }
}
