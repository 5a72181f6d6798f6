namespace Stratum.Protocol.Tests;

/// <summary>Lines as real software sends them (reference A.2.2, B.1 to B.10 and the worked vectors).</summary>
internal static class Golden
{
    public const string Notify =
        """{"id":null,"method":"mining.notify","params":["1","171592f223740e92d223f6e68bff25279af7ac4f2246451e0000000200000000","02000000010000000000000000000000000000000000000000000000000000000000000000ffffffff1903c943255c7075626c69632d706f6f6c5c","ffffffff037a90000000000000160014e6f22ca44dc800e9d049621a3b9a42c509f1c4bc3b0f250000000000160014e6f22ca44dc800e9d049621a3b9a42c509f1c4bc0000000000000000266a24aa21a9edbd3d1d916aa0b57326a2d88ebe1b68a1d7c48585f26d8335fe6a94b62755f64c00000000",["175335649d5e8746982969ec88f52e85ac9917106fba5468e699c8879ab974a1","d5644ab3e708c54cd68dc5aedc92b8d3037449687f92ec41ed6e37673d969d4a","5c9ec187517edc0698556cca5ce27e54c96acb014770599ed9df4d4937fbf2b0"],"20000000","192495f8","64b3f3ec",false]}""";

    public const string NotifyLitecoin =
        """{"id":null,"method":"mining.notify","params":["2","c74a8062b14827aa12fc41681d7215ac8c74bec596b5c66447564cb71c4eb88e","01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff270310cf04062f503253482f0430a3aa5308","0d2f6e6f64655374726174756d2f000000000280010b27010000001976a914329035234168b8da5af106ceb20560401236849888ac80f0fa02000000001976a9147d576fbfca48b899dc750167dd2a2a6572fff49588ac00000000",["f3e54066168c459317d0269e946d65b61e76f6abc4b2539448aa456cec803adc"],"00000002","1d48d4f7","53aaa331",true]}""";

    public const string Subscribe = """{"id":1,"method":"mining.subscribe","params":["cgminer/4.11.1","08000002"]}""";

    public const string SubscribeResult =
        """{"id":1,"result":[[["mining.set_difficulty","1"],["mining.notify","1"]],"57a6f098",4],"error":null}""";

    public const string Authorize = """{"id":2,"method":"mining.authorize","params":["account.worker","x"]}""";

    public const string Submit6 =
        """{"id":4,"method":"mining.submit","params":["tb1q...bitaxe3","1","c7080000","64b3f3ec","ed460d91","00002000"]}""";

    public const string Submit5 =
        """{"id":4,"method":"mining.submit","params":["mn4jUMneEBjZuDPEdFuj6BmFPmehmrT2Zc","2","07000000","53aaa331","44725000"]}""";

    public const string Configure =
        """{"id":1,"method":"mining.configure","params":[["minimum-difficulty","version-rolling"],{"version-rolling.mask":"1fffe000","version-rolling.min-bit-count":2,"minimum-difficulty.value":2048}]}""";

    public const string ConfigureResult =
        """{"id":1,"result":{"version-rolling":true,"version-rolling.mask":"1fffe000","minimum-difficulty":true},"error":null}""";

    public const string SetDifficulty = """{"id":null,"method":"mining.set_difficulty","params":[0.00001]}""";
    public const string SetExtranonce = """{"id":null,"method":"mining.set_extranonce","params":["57a6f098",4]}""";
    public const string SetVersionMask = """{"id":null,"method":"mining.set_version_mask","params":["1fffe000"]}""";
    public const string Reconnect = """{"id":null,"method":"client.reconnect","params":["pool.example.com",3333,0]}""";
    public const string ShowMessage = """{"id":null,"method":"client.show_message","params":["Grüße \"you\""]}""";
    public const string GetVersion = """{"id":7,"method":"client.get_version","params":[]}""";
    public const string GetVersionResult = """{"id":7,"result":"cgminer/4.11.1","error":null}""";
    public const string GetTransactions = """{"id":9,"method":"mining.get_transactions","params":["1f"]}""";
    public const string GetTransactionsResult = """{"id":9,"result":["0100","02"],"error":null}""";
    public const string Ping = """{"id":42,"method":"mining.ping","params":[]}""";
    public const string ExtranonceSubscribe = """{"id":3,"method":"mining.extranonce.subscribe","params":[]}""";
    public const string SuggestDifficulty = """{"id":3,"method":"mining.suggest_difficulty","params":[512]}""";

    public const string SuggestTarget =
        """{"id":5,"method":"mining.suggest_target","params":["00000000ffff0000000000000000000000000000000000000000000000000000"]}""";

    public const string StaleArray = """{"id":4,"result":false,"error":[21,"Stale work",null]}""";
    public const string StaleReason = """{"id":4,"result":false,"error":null,"reject-reason":"Stale"}""";

    public static TheoryData<string> All =>
    [
        Notify, NotifyLitecoin, Subscribe, SubscribeResult, Authorize, Submit6, Submit5, Configure, ConfigureResult,
        SetDifficulty, SetExtranonce, SetVersionMask, Reconnect, ShowMessage, GetVersion, GetVersionResult,
        GetTransactions, GetTransactionsResult, Ping, ExtranonceSubscribe, SuggestDifficulty, SuggestTarget, StaleArray,
        StaleReason,
    ];
}
