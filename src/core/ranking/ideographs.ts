/** Chinese and Japanese function characters and question words, which stand in nearly every sentence. */
export const stopCharacters: ReadonlySet<string> = new Set(
  '的 了 吗 呢 吧 啊 是 在 和 与 也 就 都 我 你 您 他 她 它 们 我们 你们 他们 她们 这 那 什 么 什么 怎么 怎样 哪 哪里 哪个 谁 为什 有 多少 几个 几点 哪天 哪家 哪些 哪位 哪种 哪儿 怎么 么样 如何 现在 目前 可以 应该 时候 一下 一个 这个 那个 还是 是否 自己 因为 所以 如果 但是 は が を に で と の も へ や か です ます した して いる いた いて てい でい んで ない こと もの から まで ので のに では には とは への との など った って だっ たい れる られ でし まし よう ため どこ いつ なに 何 誰 どの どれ なぜ'.split(
    ' ',
  ),
);

/** Chinese characters that ask for what there is to tell. */
export const askingCharacters: ReadonlySet<string> = new Set([...'做说聊干讨论发生计划安排事情提到过些有什么哪会要去谈里儿啥地方']);
