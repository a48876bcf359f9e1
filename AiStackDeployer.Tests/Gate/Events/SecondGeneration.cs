namespace AiStackDeployer.Tests.Gate.Events;

/// <summary>
/// Frames of OpenCode 2 as its public schema describes them (/api/event); nobody has recorded them. What a person or a model wrote holds SECRET.
/// </summary>
internal static class SecondGeneration
{
    public static IReadOnlyList<string> Session { get; } =
    [
        """{"id":"evt_0","created":1795992177268,"type":"server.connected","data":{}}""",
        """{"id":"evt_1","created":1795992177268,"type":"session.created","durable":{"aggregateID":"ses_1","seq":0,"version":1},"location":{"directory":"/SECRET"},"data":{"sessionID":"ses_1","info":{"id":"ses_1","title":"SECRET"}}}""",
        """{"id":"evt_2","created":1795992177268,"type":"session.input.admitted","location":{"directory":"/SECRET"},"data":{"sessionID":"ses_1","inputID":"msg_0","input":{"text":"SECRET"}}}""",
        """{"id":"evt_3","created":1795992177268,"type":"session.execution.started","location":{"directory":"/SECRET"},"data":{"sessionID":"ses_1"}}""",
        """{"id":"evt_4","created":1795992177268,"type":"session.step.started","location":{"directory":"/SECRET"},"data":{"sessionID":"ses_1","assistantMessageID":"msg_1","agent":"build","model":{"id":"m1","providerID":"fake"}}}""",
        """{"id":"evt_5","created":1795992177268,"type":"form.created","data":{"form":{"id":"frm_1","sessionID":"ses_1","title":"SECRET","mode":"form","fields":[]}}}""",
        """{"id":"evt_6","created":1795992177268,"type":"form.replied","data":{"id":"frm_1","sessionID":"ses_1","answer":{"a":"SECRET"}}}""",
        """{"id":"evt_7","created":1795992177268,"type":"session.tool.input.started","data":{"sessionID":"ses_1","assistantMessageID":"msg_1","callID":"call_1","name":"bash"}}""",
        """{"id":"evt_8","created":1795992177268,"type":"session.tool.input.delta","data":{"sessionID":"ses_1","assistantMessageID":"msg_1","callID":"call_1","delta":"SECRET"}}""",
        """{"id":"evt_9","created":1795992177268,"type":"session.tool.called","data":{"sessionID":"ses_1","assistantMessageID":"msg_1","callID":"call_1","input":{"command":"SECRET"},"executed":true}}""",
        """{"id":"evt_10","created":1795992177268,"type":"permission.v2.asked","data":{"id":"per_1","sessionID":"ses_1","action":"bash","resources":["SECRET"],"metadata":{"command":"SECRET"}}}""",
        """{"id":"evt_11","created":1795992177268,"type":"permission.asked","data":{"id":"per_1","sessionID":"ses_1","permission":"bash","patterns":["SECRET"]}}""",
        """{"id":"evt_12","created":1795992177268,"type":"permission.v2.replied","data":{"sessionID":"ses_1","requestID":"per_1","reply":"always"}}""",
        """{"id":"evt_13","created":1795992177268,"type":"session.tool.failed","data":{"sessionID":"ses_1","assistantMessageID":"msg_1","callID":"call_1","error":{"type":"Failed","message":"SECRET"},"executed":true}}""",
        """{"id":"evt_14","created":1795992177268,"type":"session.text.ended","data":{"sessionID":"ses_1","assistantMessageID":"msg_1","ordinal":0,"text":"SECRET"}}""",
        """{"id":"evt_15","created":1795992177268,"type":"session.step.ended","data":{"sessionID":"ses_1","assistantMessageID":"msg_1","finish":"stop","cost":0.25,"tokens":{"input":10,"output":5,"reasoning":0,"cache":{"read":3,"write":0}},"files":["SECRET"]}}""",
        """{"id":"evt_16","created":1795992177268,"type":"session.retry.scheduled","data":{"sessionID":"ses_1","assistantMessageID":"msg_2","attempt":2,"at":1795992177268,"error":{"type":"ProviderError","message":"SECRET"}}}""",
        """{"id":"evt_17","created":1795992177268,"type":"session.execution.failed","data":{"sessionID":"ses_1","error":{"type":"ProviderError","message":"SECRET","statusCode":500}}}""",
        """{"id":"evt_18","created":1795992177268,"type":"session.execution.started","data":{"sessionID":"ses_1"}}""",
        """{"id":"evt_19","created":1795992177268,"type":"session.execution.interrupted","data":{"sessionID":"ses_1","reason":"user"}}""",
        """{"id":"evt_20","created":1795992177268,"type":"mcp.status.changed","data":{"server":"files","status":"connected"}}""",
        """{"id":"evt_21","created":1795992177268,"type":"session.deleted","durable":{"aggregateID":"ses_1","seq":9,"version":2},"data":{"sessionID":"ses_1"}}""",
    ];
}
