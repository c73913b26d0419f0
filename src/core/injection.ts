import type { MemoryState } from './events.js';

const rules = '(?:instructions?|prompts?|rules|directions|guidelines|guardrails|polic(?:y|ies)|safety)';
const withheld =
  '(?:system prompt|(?:hidden|secret|initial|system) instructions|api keys?|passwords?|credentials|secrets|private keys?|access tokens?)';
const theUser = '(?:the|your) (?:user|human|owner)';

/** What an assistant that was taken over would be made to do. */
const action =
  'call|invoke|run|execute|delete|erase|wipe|forget|send|forward|upload|post|print|output|reveal|leak|disclose|reply|respond|pretend';

/**
 * Wordings that only make sense as an attempt to steer the assistant that reads them. Each stays within one sentence or
 * a bounded stretch, so that a long text costs no more than its length.
 */
const instructionLike = new RegExp(
  [
    `\\b(?:ignore|disregard|forget|override|bypass|overrule)\\b[^.!?\\n]{0,30}\\b(?:previous|prior|above|earlier|preceding|system|your|all|any|safety)\\b[^.!?\\n]{0,30}\\b${rules}\\b`,
    '\\byou must (?:now|immediately) (?:act|behave|obey|follow|comply|respond|reply|answer|say|output|print|send|ignore|execute|run|call|reveal|delete|forward|pretend)\\b',
    "\\b(?:you are|you're) now (?:in |an? |the )?(?:\\w+ )?(?:dan|jailbr\\w+|unrestricted|unfiltered|uncensored|developer mode|admin mode|god mode|evil|root)\\b|\\bnew (?:system )?instructions? (?:for you|follow)|\\bnew system prompt\\b",
    '\\b(?:reveal|repeat|print|output|show|leak|dump|disclose)\\b[^.!?\\n]{0,20}\\b(?:your|the) (?:system prompt|(?:hidden|secret|initial|system) instructions)\\b',
    `(?:^|[.!?,;:\\n]\\s{0,20}|\\b(?:and|then|now|please|must) )(?:reveal|leak|dump|disclose|print|output)\\b[^.!?\\n]{0,20}\\b(?:your|the|all|any) ${withheld}\\b`,
    `\\b(?:do not|don't|never|without) (?:tell|telling|inform|informing|alert|alerting|notify|notifying|mention (?:this|it|that) to|reveal (?:this|it) to|warn|warning) ${theUser}\\b(?! (?:id|name|data)s?\\b)`,
    `\\bexfiltrat\\w+|\\b(?:send|forward|post|upload|e-?mail|transmit|leak)\\b[^.!?\\n]{0,40}\\b(?:all|the|every|any|these|this|user(?:'s)?|their|your)\\b[^.!?\\n]{0,40}\\b(?:memor(?:y|ies)|conversations?|chat history|messages|${withheld.slice(3, -1)}|personal data)\\b[^.!?\\n]{0,30}\\bto\\b (?:https?:|[\\w.+-]+@|this |the (?:following|attacker)|an? (?:external|remote))`,
    '(?:^|\\n)[ \\t>]*(?:#{1,6} *|\\[)?(?:system|developer)(?: (?:message|prompt|note|override))?\\]?: (?=[^\\n]{0,200}\\b(?:you|your|assistant|model|ai|must|ignore|instructions?|reveal|delete|override|obey|execute|do not|from now)\\b)',
    '<\\|(?:im_start|im_end|system|user|assistant|endoftext)[^\\n>]{0,20}\\|>|<<SYS>>|\\[/?INST\\]|^\\s*\\[(?:system|developer)\\]|###? (?:system|instruction):',
    '<!--(?=[^\\n]{0,300}\\b(?:assistant|ai|llm|model|you (?:must|should|are)|ignore|instructions?|reveal|do not tell)\\b)',
    `\\b(?:when(?:ever)?|if|once|(?:every|each|any) time|as soon as) (?:you|(?:the|an|any) (?:assistant|ai|agent|model)) (?:next )?(?:read|recall|retrieve|load|process|fetch|see)s? (?:this|these) (?:memor(?:y|ies)|(?:note|entry|record|message|text|line)s?[^.!?\\n]{0,20}\\b(?:${action})\\b(?! (?:me|us)\\b))`,
    '\\b(?:call|invoke|run|use|execute|trigger)\\b[^.!?\\n]{0,20}\\bforget\\W{0,3}(?:tool |function )?(?:with |on |for )?(?:all|every)\\b',
    `\\byou (?:will|shall|must|should|have to|are to|need to)\\b[^.!?\\n]{0,20}\\b(?:obey|(?:execute|carry out|follow|comply with|act on)(?=[^.!?\\n]{0,40}\\b(?:in|from|of) (?:this |your |the )?memor(?:y|ies)\\b))[^.!?\\n]{0,20}\\b(?:commands?|orders?|instructions?|requests?|whoever|whatever|me|(?:every|any|each) (?:word|memory))\\b`,
    `(?:^|\\n)[ \\t>]*(?:assistant|ai|agent|model|chatbot): (?=[^\\n]{0,100}\\b(?:you (?:will|must|shall|are to) (?:now |always |only )?(?:${action}|obey|ignore|comply)|(?:${action}) (?:all|every|any|everything)|from now on,? (?:obey|ignore|you (?:will|must|shall|are)))\\b)`,
    `</(?:memor(?:y|ies)|context|instructions?|system|user|assistant|data|documents?|background|untrusted\\w{0,20}|tool_results?)>(?=[^\\n]{0,60}\\b(?:system|assistant|instructions?|ignore|you (?:must|are|will)|${action})\\b)`,
    '\\bnew (?:system|developer|admin(?:istrator)?) (?:message|instructions?|orders?|command|directive)s?\\s?[:：]',
    '(?:每当|每次|当|一旦|只要|如果)(?:你|助手|模型)?(?:再次)?(?:读到|读取|看到|回忆起?|检索到?|召回)了?(?:这条|这个|此条?|该条?|本条?)(?:记忆|条目|记录)|(?:^|\\n)\\s{0,20}(?:助手|助理|模型)[：:](?=[^\\n]{0,60}(?:服从|听从|忽略|执行(?:所有|一切)))|新的?系统(?:消息|指令|提示)[：:]|调用[^。！？\\n]{0,6}forget',
    '(?:忽略|无视|無視|忘[记掉](?!了)|不要理会|绕过|覆盖)[^。！？\\n]{0,12}(?:指令|指示|提示词?|规则|規則|说明|设定)',
    '(?:泄露|输出|显示|透露|告诉我|重复)[^。！？\\n]{0,8}(?:系统提示|系统指令|提示词)|(?:不要|别|不得)(?:告诉|告知|通知|提醒)(?:用户|使用者)|你现在必须(?:服从|执行|回答|忽略|发送)|(?:^|\\n)\\s{0,20}系统(?:消息|指令)?[：:](?=[^\\n]{0,100}(?:你|必须|忽略|不要))',
    '把[^。！？\\n]{0,20}(?:记忆|对话|密码|密钥|聊天记录)[^。！？\\n]{0,8}(?:发送|发给|上传|转发)到?',
    `\\b(?:ignor(?:e|ez|iere|a|ar|ad|are)|oublie[zr]?|olvida|dimentica|vergiss|missachte)\\b[^.!?\\n]{0,40}\\b(?:instructions?|anweisungen|instrucciones|istruzioni|consignes|instruções|regeln|reglas|regole|regras)`,
    "\\b(?:sag|sage|verrate) (?:es )?de[mr] (?:nutzer|benutzer|anwender)(?:in)? nicht|\\bne (?:dis|dites|révèle) (?:rien|pas) à l'utilisateur|\\bno (?:le )?(?:digas|informes) (?:nada )?al usuario|\\bnon dire (?:nulla )?all'utente|\\bnão (?:diga|conte) (?:nada )?ao usuário",
    '(?:игнорируй|игнорируйте|забудь|забудьте)[^.!?\\n]{0,30}(?:инструкци|указани|правила)|(?:以前|これまで|上記)の(?:指示|命令|ルール)[^。\\n]{0,6}(?:無視|忘れ)|(?:이전|위의)[^.\\n]{0,8}(?:지시|명령|지침)[^.\\n]{0,6}(?:무시|잊)',
  ].join('|'),
  'i',
);

/**
 * Whether a text reads like an attempt to instruct whoever recalls it, in one of some languages. What users ask of
 * their assistants ("always answer in German") does not. Linear in the text.
 */
export function isInstructionLike(text: string): boolean {
  return instructionLike.test(text.replaceAll('’', "'"));
}

/** The flags of a memory's own words; undefined without any. */
export function flagsOf(text: string): MemoryState['flags'] {
  return isInstructionLike(text) ? ['instruction-like'] : undefined;
}
